#pragma once
#include "kernels/buffer.h"

// The negative log likelihood of class indices, for log probabilities x of (outer, cols, inner) and targets of
// (outer, inner).
namespace evenkeel {

// With t = target[o, i], which must lie in [0, cols) unless it is ignoreIndex:
//
//   losses[o, i] = -weight[t] * x[o, t, i]
//   totals       = the sum of all losses, and of weight[t], in double precision
//
// A loss is 0 where t is ignoreIndex, and counts for nothing. An absent weight counts as ones; absent losses are not
// written.
void nllLossForward(OptionalOut losses, OutDoubles totals, In x, InIntegers target, OptionalIn weight, size_t outer,
                    size_t cols, size_t inner, std::int64_t ignoreIndex);

// dx[o, t, i] = -weight[t] * scale[o, i]. Everything else is 0, and so is all of it where t is ignoreIndex, whatever
// the scale. scale holds one value a target, or one for all.
void nllLossBackward(Out dx, InDoubles scale, InIntegers target, OptionalIn weight, size_t outer, size_t cols,
                     size_t inner, std::int64_t ignoreIndex);

}  // namespace evenkeel
