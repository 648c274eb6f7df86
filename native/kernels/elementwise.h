#pragma once
#include "kernels/buffer.h"
#include "kernels/parallel.h"

namespace evenkeel {

// Calls kernel(y, x..., settings) for parts of arrays of one length: where each element of y depends on those of x at
// its place alone.
template <class Kernel, class... Inputs>
void eachElement(const Kernel& kernel, Out y, Inputs... x) {
  parallelElements(y.size(), [&](size_t begin, size_t end) {
    kernel(y.subspan(begin, end - begin), x.subspan(begin, end - begin)...);
  });
}

}  // namespace evenkeel
