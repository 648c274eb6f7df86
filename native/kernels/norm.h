#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y[0] = (sum of |x|^p)^(1/p) over the n elements of x: the largest |x| for p = infinity, the smallest for -infinity,
// the number of elements that are not 0 for p = 0; and 0 if there are no elements.
//
// Squares that single precision cannot hold are added up in double precision.
void norm(Out y, In x, size_t n, double p);

}  // namespace evenkeel
