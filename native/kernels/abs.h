#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = |x|
void absForward(Out y, In x);

// dx = dy * sign(x), where the sign of 0 is 0, and that of NaN too.
void absBackward(Out dx, In dy, In x);

}  // namespace evenkeel
