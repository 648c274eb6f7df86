#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = tanh(x)
void tanhForward(Out y, In x);

// dx = dy * (1 - y^2), where y is the output of tanhForward.
void tanhBackward(Out dx, In dy, In y);

}  // namespace evenkeel
