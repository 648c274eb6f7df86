#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = x * sigmoid(x)
void siluForward(Out y, In x);

// dx = dy * s * (1 + x * (1 - s)) with s = sigmoid(x).
void siluBackward(Out dx, In dy, In x);

}  // namespace evenkeel
