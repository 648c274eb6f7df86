#pragma once
#include "kernels/buffer.h"

// The largest or smallest values of an array, and their gradients.
namespace evenkeel {

// y[o, i] = x[o, indices[o, i], i], for x of (outer, n, inner), of the same type. Every index must lie in [0, n).
void gatherForward(OutElements y, InElements x, InIntegers indices, size_t outer, size_t n, size_t inner);

// dx[o, indices[o, i], i] = dy[o, i], and 0 elsewhere.
void gatherBackward(Out dx, In dy, InIntegers indices, size_t outer, size_t n, size_t inner);

// The gradient of the one extreme y of x, shared evenly among all that equal it: dx[i] = dy / count where x[i] = y, and
// 0 elsewhere. NaN equals NaN.
void extremeBackward(Out dx, In dy, In x, In y);

}  // namespace evenkeel
