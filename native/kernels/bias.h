#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y[r, c] = bias[c], for a row-major (rows, cols) matrix: what a matrix product with beta = 1 then adds to.
void biasForward(Out y, In bias, size_t rows, size_t cols);

// dBias[c] = sum over r of dy[r, c]
void biasBackward(Out dBias, In dy, size_t rows, size_t cols);

}  // namespace evenkeel
