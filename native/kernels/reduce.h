#pragma once
#include "kernels/buffer.h"

// Reductions over the middle axis of a dense (outer, n, inner) array; the results are (outer, inner).
namespace evenkeel {

// y[o, i] = sum over j of x[o, j, i], and 0 where n is 0.
//
// At most 64 terms are added up in single precision, the rest in double. Doubles are added up in their order.
void sum(OutFloats y, InFloats x, size_t outer, size_t n, size_t inner);

// indices[o, i] = the j of the largest x[o, j, i], the first of equals. A NaN counts as the largest. n is at least 1.
void argmax(OutIntegers indices, InFloats x, size_t outer, size_t n, size_t inner);

}  // namespace evenkeel
