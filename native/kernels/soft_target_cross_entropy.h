#pragma once
#include "kernels/buffer.h"

// Cross entropy between the softmax of the rows of a row-major (rows, cols) matrix and a distribution over the classes
// for each, in double precision as with class indices (cross_entropy.h).
namespace evenkeel {

// With s = labelSmoothing in [0, 1] and p = softmax(logits[r]):
//
//   q               = (1 - s) * target[r] + s / cols
//   losses[r]       = -sum(weight * q * log(p))
//   totals          = the sum of all losses, and how many there are: 0 for rows without elements
//   exponentials[r] = sum(exp(logits[r] - max(logits[r]))), kept for the backward pass
//
// An absent weight counts as ones; absent losses are not written. No term is left out: 0 times -infinity is NaN.
void softTargetCrossEntropyForward(OptionalOut losses, OutDoubles totals, OutDoubles exponentials, In logits, In target,
                                   OptionalIn weight, size_t rows, size_t cols, double labelSmoothing);

//   dLogits[r] = (sum(weight * q) * p - weight * q) * scale[r]
//   dTarget[r] = (s - 1) * weight * log(p) * scale[r]
//   dWeight    = -sum over the rows of q * log(p) * scale[r]
//
// scale holds one value a row, or one for all. An absent output is not computed.
void softTargetCrossEntropyBackward(OptionalOut dLogits, OptionalOut dTarget, OptionalOut dWeight, InDoubles scale,
                                    In logits, InDoubles exponentials, In target, OptionalIn weight, size_t rows,
                                    size_t cols, double labelSmoothing);

}  // namespace evenkeel
