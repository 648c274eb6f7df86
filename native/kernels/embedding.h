#pragma once
#include "kernels/buffer.h"

// Rows of a row-major (rows, cols) matrix, looked up by their indices.
namespace evenkeel {

// y[i] = weight[indices[i]]. Every index must lie in [0, rows).
void embeddingForward(Out y, In weight, InIntegers indices, size_t rows, size_t cols);

// dWeight[r] = sum of dy[i] over all i with indices[i] = r, in their order; 0 for r = paddingIdx, which may be -1:
// none.
void embeddingBackward(Out dWeight, In dy, InIntegers indices, size_t rows, size_t cols, std::int64_t paddingIdx);

}  // namespace evenkeel
