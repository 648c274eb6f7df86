#pragma once
#include "kernels/buffer.h"

// What the kernels of layer normalisation pass to the functions that work on their rows.
namespace evenkeel {

// Rows of fewer elements are worked on in double precision.
constexpr size_t kShortRow = 128;

// Fewer rows are added up to the gradients of weight and bias in double precision: a rounding more or less shows there.
constexpr size_t kFewRows = 16;

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
