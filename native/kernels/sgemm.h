#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// c = alpha * op(a) * op(b) + beta * c, where op transposes if its flag is set.
//
// op(a) is (m, k), op(b) is (k, n), c is (m, n). With beta = 0, c is overwritten and not read.
void sgemm(InOut c, In a, In b, bool transposeA, bool transposeB, size_t m, size_t n, size_t k, float alpha,
           float beta);

}  // namespace evenkeel
