#pragma once
#include "kernels/buffer.h"

// Elementwise arithmetic with broadcasting. y is dense, of the given shape; element (i0, i1, ...) of a is at
// i0 * aStrides[0] + i1 * aStrides[1] + ..., and that of b likewise. A stride of 0 repeats. Strides are not negative,
// and there are at most 16 dimensions; with none, y has one element. All arrays of a call are of the same type.
namespace evenkeel {

// y[i] = a[i'] + b[i']
void add(OutFloats y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = a[i'] - b[i']
void sub(OutFloats y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = a[i'] * b[i']
void mul(OutFloats y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = a[i'] / b[i']
void div(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = x[i'], of any types, as long as that of y holds what x does: booleans become integers, and everything floats.
void copyStrided(OutElements y, InElements x, InIntegers shape, InIntegers strides);

}  // namespace evenkeel
