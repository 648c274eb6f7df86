#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = max(x, 0). NaN stays NaN, and -0 stays -0.
void reluForward(Out y, In x);

// The same in place, on the calling thread alone.
void rectify(InOut x);

// dx = y <= 0 ? 0 : dy, where y is the output of reluForward; so a NaN in y lets the gradient pass.
void reluBackward(Out dx, In dy, In y);

}  // namespace evenkeel
