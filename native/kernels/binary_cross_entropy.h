#pragma once
#include "kernels/buffer.h"

// The cross entropy of yes-or-no targets, for logits, element by element. With t = target, w = posWeight (an absent one
// counts as ones) and s(x) = 1 / (1 + exp(-x)). Computed in double precision and rounded once.
namespace evenkeel {

// loss = (1 - t) * x - (1 + (w - 1) * t) * log(s(x))
void binaryCrossEntropyForward(Out loss, In x, In target, OptionalIn posWeight);

// dx      = scale * ((1 - t + w * t) * s(x) - w * t)
// dTarget = scale * (log(s(-x)) - w * log(s(x)))
//
// scale holds one value an element, or one for all. An absent output is not computed.
void binaryCrossEntropyBackward(OptionalOut dx, OptionalOut dTarget, In scale, In x, In target, OptionalIn posWeight);

}  // namespace evenkeel
