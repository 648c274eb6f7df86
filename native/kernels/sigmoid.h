#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = 1 / (1 + exp(-x))
void sigmoidForward(Out y, In x);

// dx = dy * y * (1 - y), where y is the output of sigmoidForward.
void sigmoidBackward(Out dx, In dy, In y);

}  // namespace evenkeel
