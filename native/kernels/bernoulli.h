#pragma once
#include "kernels/buffer.h"

// Random numbers from the Mersenne Twister MT19937: PyTorch's, bit for bit.
namespace evenkeel {

// y[i] = u[i] < p ? 1 : 0 for n elements, where u is evenly distributed over the multiples of 2^-53 in [0, 1). Each
// takes two words of the stream: the low 21 bits of the first, and all of the second.
//
// state holds the 624 words of the engine, then which of them comes next, from 0 to 624. It goes on from there in the
// next call.
void bernoulli(Out y, InOutIntegers state, size_t n, double p);

}  // namespace evenkeel
