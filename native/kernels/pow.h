#pragma once
#include "kernels/buffer.h"

// Powers with broadcasting: the shape and the strides are as in arithmetic.h.
namespace evenkeel {

// y[i] = a[i'] ^ b[i'], with the special values of std::pow.
void powForward(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// da = dy * b * a^(b - 1), and 0 where b is 0; db = dy * y * log(a), and 0 where a is 0 and b at least 0. y is the
// output of powForward. Everything but a and b is dense; an absent output is not computed.
void powBackward(OptionalOut da, OptionalOut db, In dy, In a, In b, In y, InIntegers shape, InIntegers aStrides,
                 InIntegers bStrides);

}  // namespace evenkeel
