#pragma once
#include <string>

// The library that multiplies matrices: cblas.h of the one that CMake chose, and what differs from one to another. Each
// source in this folder is for one of them.
#if defined(EVENKEEL_BLAS_MKL)
#include <mkl_cblas.h>
#elif defined(EVENKEEL_BLAS_ACCELERATE)
#include <Accelerate/Accelerate.h>
#else
#include <cblas.h>
#endif

namespace evenkeel {

// The type of dimensions.
#if defined(EVENKEEL_BLAS_OPENBLAS)
using BlasInt = blasint;
#elif defined(EVENKEEL_BLAS_MKL)
using BlasInt = MKL_INT;
#else
using BlasInt = int;
#endif

// Keeps the library to the thread that calls it. To be called once, before any multiplication.
void keepBlasToOneThread();

// The library, its version and the processor it is tuned for, e.g. "OpenBLAS 0.3.21 (SkylakeX)".
std::string blasName();

// Whether it has kernels for small matrices, which read them where they are instead of packing them first.
bool blasHasSmallKernels();

}  // namespace evenkeel
