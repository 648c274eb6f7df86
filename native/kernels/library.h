#pragma once
#include <string>

// The libraries and instruction sets under the kernels.
namespace evenkeel {

// To be called before any kernel. Keeps BLAS to the calling thread: its own threads would contend with those of the
// caller.
void initialize();

// The BLAS library, its version and the core it chose, e.g. "OpenBLAS 0.3.21 (SkylakeX)".
std::string blasName();

// The instruction set that the vector kernels run on, in Highway's names, e.g. "AVX3".
std::string simdName();

}  // namespace evenkeel
