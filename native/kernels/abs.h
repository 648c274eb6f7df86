#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = |x|, both of the same type
void absForward(OutFloats y, InFloats x);

// dx = dy * sign(x), where the sign of 0 is 0, and that of NaN too.
void absBackward(Out dx, In dy, In x);

}  // namespace evenkeel
