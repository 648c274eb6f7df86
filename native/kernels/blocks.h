#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// y[yStart + i * yStep + j] = x[xStart + i * xStep + j] for `count` blocks i of `length` elements j, of any types, as
// long as that of y holds what x does (see copyStrided). The rest of y stays as it is.
void copyBlocks(OutElements y, InElements x, size_t yStart, size_t yStep, size_t xStart, size_t xStep, size_t count,
                size_t length);

}  // namespace evenkeel
