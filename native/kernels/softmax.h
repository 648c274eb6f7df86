#pragma once
#include "kernels/buffer.h"

// Softmax and cross entropy over the rows of a row-major (rows, cols) matrix.
//
// The largest value of a row is subtracted before exp, so that nothing overflows. A row with a NaN or +infinity becomes
// NaN. All is computed in double precision, and rounded as it is stored.
namespace evenkeel {

// y[r] = exp(x[r]) / sum(exp(x[r]))
void softmaxForward(Out y, In x, size_t rows, size_t cols);

// The same, but rows that hold -infinity alone become zeros.
void safeSoftmaxForward(Out y, In x, size_t rows, size_t cols);

// dx[r] = (dy[r] - sum(dy[r] * y[r]) / sum(y[r])) * y[r], where y is the output of either softmax, and 0 where all of
// y[r] is. The sum of y[r] is 1 but for its rounding, which would count where a row is nearly one value alone.
void softmaxBackward(Out dx, In dy, In y, size_t rows, size_t cols);

// y[r] = x[r] - log(sum(exp(x[r])))
void logSoftmaxForward(Out y, In x, size_t rows, size_t cols);

// dx[r] = dy[r] - softmax(x[r]) * sum(dy[r]), for the x of logSoftmaxForward: its output has lost digits of the
// exponents, and exp would enlarge what they lack.
void logSoftmaxBackward(Out dx, In dy, In x, size_t rows, size_t cols);

// With t = target[r], s = labelSmoothing in [0, 1] and p = softmax(logits[r]):
//
//   q[c]       = (1 - s) * weight[t] * (c == t) + s / cols * weight[c]
//   loss[r]    = -sum(q * log(p))
//   dLogits[r] = sum(q) * p - q
//   rowWeight  = weight[t]
//
// All are 0 where t is ignoreIndex; any other target must lie in [0, cols). An absent weight counts as ones; an absent
// dLogits is not computed. A term with q[c] = 0 is left out of the sum, so a logit of -infinity off the target costs
// nothing.
void softmaxCrossEntropyForward(Out loss, Out rowWeight, OptionalOut dLogits, In logits, InIntegers target,
                                OptionalIn weight, size_t rows, size_t cols, std::int64_t ignoreIndex,
                                double labelSmoothing);

// dx[r] = dLogits[r] * scale[r], and 0 in rows whose target is ignoreIndex, whatever the scale. scale holds one value a
// row, or one for all.
void softmaxCrossEntropyBackward(Out dx, In dLogits, In scale, InIntegers target, size_t rows, size_t cols,
                                 std::int64_t ignoreIndex);

}  // namespace evenkeel
