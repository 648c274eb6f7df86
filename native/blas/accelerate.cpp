#include "blas/blas.h"

namespace evenkeel {

void keepBlasToOneThread() {
  if (__builtin_available(macOS 15, *)) BLASSetThreading(BLAS_THREADING_SINGLE_THREADED);
}

std::string blasName() { return "Accelerate"; }

bool blasHasSmallKernels() { return false; }

}  // namespace evenkeel
