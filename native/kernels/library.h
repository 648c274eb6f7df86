#pragma once
#include <string>

// What is under the kernels.
namespace evenkeel {

// To be called before any kernel. Keeps BLAS to the calling thread: its own threads would contend with those of the
// caller.
void initialize();

// The instruction set that the vector kernels run on, in Highway's names, e.g. "AVX3".
std::string simdName();

}  // namespace evenkeel
