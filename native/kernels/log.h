#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y = log(x): -infinity for 0, NaN for negative x.
void logForward(Out y, In x);

}  // namespace evenkeel
