#pragma once
#include "kernels/buffer.h"

// Variance and standard deviation of the rows of a row-major (rows, n) matrix, in double precision.
namespace evenkeel {

//   y[r] = sum over j of (x[r, j] - mean[r])^2 / divisor, or the square root of it if `root`
//
// mean and std, the square root, are kept for the backward pass. Both are NaN where n is 0.
void varForward(Out y, OutDoubles mean, OutDoubles std, In x, size_t rows, size_t n, double divisor, bool root);

//   dx = dy * 2 / divisor * (x - mean), or dy / (std * divisor) * (x - mean) if `root`
//
// Where std is 0, the root is infinitely steep; its gradient is then 0, as in PyTorch.
void varBackward(Out dx, In dy, In x, InDoubles mean, InDoubles std, size_t rows, size_t n, double divisor, bool root);

}  // namespace evenkeel
