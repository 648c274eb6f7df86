#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = sqrt(x). NaN for negative x.
void sqrtForward(Out y, In x);

// dx = dy / (2 * y), where y is the output of sqrtForward.
void sqrtBackward(Out dx, In dy, In y);

}  // namespace evenkeel
