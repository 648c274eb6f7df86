#pragma once
#include "kernels/buffer.h"

// Comparisons with broadcasting: the shape and the strides are as in arithmetic.h. A result is 1 where the relation
// holds, and else 0; with NaN, none holds. a and b are of the same type.
namespace evenkeel {

// y[i] = a[i'] == b[i']
void eq(OutBooleans y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = a[i'] < b[i']
void lt(OutBooleans y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = a[i'] <= b[i']
void le(OutBooleans y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

}  // namespace evenkeel
