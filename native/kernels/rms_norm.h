#pragma once
#include "kernels/buffer.h"

// Normalisation by the root mean square over the rows of a row-major (rows, cols) matrix, in double precision.
namespace evenkeel {

//   y[r] = x[r] * rstd[r] * weight,   rstd = 1 / sqrt(mean(x^2) + eps)
//
// An absent weight counts as ones. rstd, one value a row, is kept for the backward pass; that of rows without elements
// is NaN.
void rmsNormForward(Out y, OutDoubles rstd, In x, OptionalIn weight, size_t rows, size_t cols, double eps);

// With xhat = x * rstd and g = dy * weight, for each row:
//
//   dx      = rstd * (g - xhat * mean(g * xhat))
//   dWeight = sum over the rows of dy * xhat
//
// An absent output is not computed.
void rmsNormBackward(OptionalOut dx, OptionalOut dWeight, In dy, In x, OptionalIn weight, InDoubles rstd, size_t rows,
                     size_t cols);

}  // namespace evenkeel
