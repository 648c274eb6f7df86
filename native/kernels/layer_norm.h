#pragma once
#include "kernels/buffer.h"

// Layer normalisation over the rows of a row-major (rows, cols) matrix.
namespace evenkeel {

//   y[r] = (x[r] - mean[r]) * rstd[r] * weight + bias,   rstd = 1 / sqrt(var + eps)
//
// with the biased variance. An absent weight counts as ones, an absent bias as zeros. mean and rstd, one value a row,
// are kept for the backward pass, as doubles: where the mean is large beside the deviation, its float is too far off.
// Those of rows without elements are 0 and NaN. A constant row becomes bias, exactly.
//
// All of this is worked out in double precision and rounded once, here and in the backward pass.
void layerNormForward(Out y, OutDoubles mean, OutDoubles rstd, In x, OptionalIn weight, OptionalIn bias, size_t rows,
                      size_t cols, double eps);

// With xhat = (x - mean) * rstd and g = dy * weight, for each row:
//
//   dx      = rstd * (g - mean(g) - xhat * mean(g * xhat))
//   dWeight = sum over the rows of dy * xhat
//   dBias   = sum over the rows of dy
//
// An absent output is not computed.
void layerNormBackward(OptionalOut dx, OptionalOut dWeight, OptionalOut dBias, In dy, In x, OptionalIn weight,
                       InDoubles mean, InDoubles rstd, size_t rows, size_t cols);

}  // namespace evenkeel
