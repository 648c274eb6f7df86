#pragma once
#include <algorithm>

#include "kernels/buffer.h"
#include "kernels/parallel.h"

// What the kernels of layer normalisation pass to the functions that work on their rows.
namespace evenkeel {

// How many rows are one thread's to do before it looks for others. At most 16 groups, each with sums of its own.
inline size_t rowsAtOnce(size_t rows, size_t cols) {
  if (rows * cols < kElementsWorthSharing) return std::max<size_t>(rows, 1);
  const size_t few = std::max(kElementsAtOnce / cols, (rows + 15) / 16);
  return (few + 3) / 4 * 4;
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

// What all rows share; the sums of dWeight and dBias are added to.
struct BackwardAffine {
  double* dWeight;
  double* dBias;
  const float* weight;
};

}  // namespace evenkeel
