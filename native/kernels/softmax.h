#pragma once
#include "kernels/buffer.h"

// Softmax over the rows of a row-major (rows, cols) matrix.
//
// The largest value of a row is subtracted before exp, so that nothing overflows. A row with a NaN or +infinity becomes
// NaN. All is computed in double precision, and rounded as it is stored.
namespace evenkeel {

// y[r] = exp(x[r]) / sum(exp(x[r]))
void softmaxForward(Out y, In x, size_t rows, size_t cols);

// dx[r] = (dy[r] - sum(dy[r] * y[r])) * y[r], where y = softmax(x), computed anew: rounded, it would lack digits.
void softmaxBackward(Out dx, In dy, In x, size_t rows, size_t cols);

// As softmaxForward, but rows that hold -infinity alone become zeros.
void safeSoftmaxForward(Out y, In x, size_t rows, size_t cols);

// dx[r] = (dy[r] - sum(dy[r] * y[r]) / sum(y[r])) * y[r], where y is the output of safeSoftmaxForward, and 0 where all
// of y[r] is: attention need not keep its scores. The sum of y[r] is 1 but for its rounding, which would count where a
// row is nearly one value alone.
void safeSoftmaxBackward(Out dx, In dy, In y, size_t rows, size_t cols);

// y[r] = x[r] - log(sum(exp(x[r])))
void logSoftmaxForward(Out y, In x, size_t rows, size_t cols);

// dx[r] = dy[r] - softmax(x[r]) * sum(dy[r]), for the x of logSoftmaxForward: its output has lost digits of the
// exponents, and exp would enlarge what they lack.
void logSoftmaxBackward(Out dx, In dy, In x, size_t rows, size_t cols);

}  // namespace evenkeel
