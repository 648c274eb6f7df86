#pragma once
#include "kernels/buffer.h"

// The negative log likelihood of class indices, for log probabilities x of (outer, cols, inner) and targets of
// (outer, inner).
namespace evenkeel {

// With t = target[o, i], which must lie in [0, cols) unless it is ignoreIndex:
//
//   rowWeight[o, i] = weight[t]
//   loss[o, i]      = -rowWeight[o, i] * x[o, t, i]
//
// Both are 0 where t is ignoreIndex. An absent weight counts as ones.
void nllLossForward(Out loss, Out rowWeight, In x, InIntegers target, OptionalIn weight, size_t outer, size_t cols,
                    size_t inner, std::int64_t ignoreIndex);

// dx[o, t, i] = -rowWeight[o, i] * scale[o, i]. Everything else is 0, and so is all of it where t is ignoreIndex,
// whatever the scale. scale holds one value a target, or one for all.
void nllLossBackward(Out dx, In scale, InIntegers target, In rowWeight, size_t outer, size_t cols, size_t inner,
                     std::int64_t ignoreIndex);

}  // namespace evenkeel
