#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// loss[0] = totals[0], or if `mean`, totals[0] / totals[1], rounded once
void reduceLossForward(Out loss, InDoubles totals, bool mean);

// scale[i] = dy[i], or if `mean`, dy[i] / totals[1]
void reduceLossBackward(OutDoubles scale, In dy, InDoubles totals, bool mean);

}  // namespace evenkeel
