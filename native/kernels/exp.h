#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = exp(x)
void expForward(Out y, In x);

}  // namespace evenkeel
