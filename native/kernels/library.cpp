#include "kernels/library.h"

#include "blas/blas.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/library.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

const char* targetName() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(targetName);
}  // namespace

void initialize() {
  // Once for all threads that load the addon: one of them may be multiplying already.
  [[maybe_unused]] static const bool done = (keepBlasToOneThread(), true);
}

std::string simdName() { return HWY_DYNAMIC_DISPATCH(targetName)(); }

}  // namespace evenkeel
#endif
