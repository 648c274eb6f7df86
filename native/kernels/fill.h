#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y[i] = value, for n elements
void fill(Out y, size_t n, float value);

}  // namespace evenkeel
