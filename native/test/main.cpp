#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>

#include "blas/blas.h"
#include "hwy/targets.h"
#include "kernels/library.h"

// Runs all tests once for each instruction set that this machine has and the kernels are compiled for.
int main(int argc, char** argv) {
  evenkeel::initialize();
  int failed = 0;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    if (evenkeel::simdName() != hwy::TargetName(target)) return 1;
    doctest::Context context(argc, argv);
    if (!context.shouldExit()) std::fprintf(stderr, "%s, %s\n", evenkeel::blasName().c_str(), hwy::TargetName(target));
    failed += context.run();
    if (context.shouldExit()) break;  // It was asked to list the tests, not to run them.
    hwy::SetSupportedTargetsForTest(0);
  }
  return failed == 0 ? 0 : 1;
}
