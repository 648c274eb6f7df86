#pragma once
#include <algorithm>

#include "kernels/buffer.h"
#include "kernels/parallel.h"

// What the kernels of layer normalisation pass to the functions that work on their rows.
namespace evenkeel {

// Rows of fewer elements are worked on in double precision.
constexpr size_t kShortRow = 128;

// So are all rows of a matrix of fewer elements: rounding is not evened out there either.
constexpr size_t kFewElements = 2048;

// Fewer rows are added up to the gradients of weight and bias in double precision: a rounding more or less shows there.
constexpr size_t kFewRows = 16;

// How many rows are one thread's to do before it looks for others. At most 16 groups, each with sums of its own.
inline size_t rowsAtOnce(size_t rows, size_t cols) {
  if (rows * cols < kElementsWorthSharing) return std::max<size_t>(rows, 1);
  const size_t few = std::max(kElementsAtOnce / cols, (rows + 15) / 16);
  return (few + 3) / 4 * 4;
}

// How many of these are added up in single precision. Such sums are added up in double precision, so that rounding
// errors hardly grow with the number of rows.
inline size_t rowsOfASum(size_t rows, size_t atOnce) {
  const size_t few = std::max<size_t>(64, (rows + 15) / 16);
  return std::min(atOnce, (few + 3) / 4 * 4);
}

// Null where absent, like all pointers below.
struct Affine {
  const float* weight;
  const float* bias;
};

struct ForwardRows {
  float* y;
  double* mean;
  double* rstd;
  const float* x;

  ForwardRows from(size_t row, size_t cols) const { return {y + row * cols, mean + row, rstd + row, x + row * cols}; }
};

struct BackwardRows {
  float* dx;
  const float* dy;
  const float* x;
  const double* mean;
  const double* rstd;

  BackwardRows from(size_t row, size_t cols) const {
    return {dx ? dx + row * cols : nullptr, dy + row * cols, x + row * cols, mean + row, rstd + row};
  }
};

// What all rows share; the gradients are added to.
struct BackwardAffine {
  float* dWeight;
  float* dBias;
  const float* weight;
};

}  // namespace evenkeel
