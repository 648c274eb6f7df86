#pragma once
#include "kernels/buffer.h"

// Integers and booleans, from the doubles that they are computed in.
namespace evenkeel {

// y[i] = x[i]. Every element must be an integer that y can hold.
void toInt32(OutIntegers y, InDoubles x);

// y[i] = x[i] != 0
void toBool(OutBooleans y, InDoubles x);

// y[i] = a[i] ^ b[i] modulo 2^32; with a negative b, 0 unless a is 1 or -1. Every a is an integer of any size, every b
// an int32.
void integerPow(OutIntegers y, InDoubles a, InDoubles b);

}  // namespace evenkeel
