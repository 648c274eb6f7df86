#pragma once
#include "kernels/buffer.h"

// Elementwise arithmetic with broadcasting. y is dense, of the given shape; element (i0, i1, ...) of a is at
// i0 * aStrides[0] + i1 * aStrides[1] + ..., and that of b likewise. A stride of 0 repeats. Strides are not negative,
// and there are at most 16 dimensions; with none, y has one element.
namespace evenkeel {

// y[i] = a[i'] + b[i']
void add(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = a[i'] - b[i']
void sub(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = a[i'] * b[i']
void mul(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = a[i'] / b[i']
void div(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides);

// y[i] = x[i']
void copyStrided(Out y, In x, InIntegers shape, InIntegers strides);

}  // namespace evenkeel
