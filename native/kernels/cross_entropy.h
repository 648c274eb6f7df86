#pragma once
#include "kernels/buffer.h"

// Cross entropy between the softmax of the rows of a row-major (rows, cols) matrix and a class index a row.
//
// The largest value of a row is subtracted before exp, so that nothing overflows. A row with a NaN or +infinity becomes
// NaN. All is computed in double precision: losses and gradients are rounded once, as they are stored, and sums of
// losses are not rounded at all.
namespace evenkeel {

// With t = target[r], s = labelSmoothing in [0, 1] and p = softmax(logits[r]):
//
//   q[c]            = (1 - s) * weight[t] * (c == t) + s / cols * weight[c]
//   losses[r]       = -sum(q * log(p))
//   totals          = the sum of all losses, and of weight[t]; NaN for a smoothed loss over no weight
//   exponentials[r] = sum(exp(logits[r] - max(logits[r]))), kept for the backward pass
//
// A row whose t is ignoreIndex counts for nothing, and gets zeros; any other target must lie in [0, cols). An absent
// weight counts as ones; absent losses are not written. A term with q[c] = 0 is left out of the sum, so a logit of
// -infinity off the target costs nothing.
void softmaxCrossEntropyForward(OptionalOut losses, OutDoubles totals, OutDoubles exponentials, In logits,
                                InIntegers target, OptionalIn weight, size_t rows, size_t cols,
                                std::int64_t ignoreIndex, double labelSmoothing);

// dLogits[r] = (sum(q) * p - q) * scale[r], and 0 in rows whose target is ignoreIndex, whatever the scale. scale holds
// one value a row, or one for all.
void softmaxCrossEntropyBackward(Out dLogits, InDoubles scale, In logits, InDoubles exponentials, InIntegers target,
                                 OptionalIn weight, size_t rows, size_t cols, std::int64_t ignoreIndex,
                                 double labelSmoothing);

}  // namespace evenkeel
