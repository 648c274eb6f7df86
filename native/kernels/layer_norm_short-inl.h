// Layer normalisation in double precision: of short rows, whose time is not spent in arithmetic and among whose
// elements rounding is not evened out, and forward of any others that need it.
//
// Compiled once for each instruction set, like vector-inl.h.
#if defined(EVENKEEL_KERNELS_LAYER_NORM_SHORT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EVENKEEL_KERNELS_LAYER_NORM_SHORT_INL_H_
#undef EVENKEEL_KERNELS_LAYER_NORM_SHORT_INL_H_
#else
#define EVENKEEL_KERNELS_LAYER_NORM_SHORT_INL_H_
#endif

#include <cmath>

#include "kernels/double-inl.h"
#include "kernels/layer_norm_rows.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// (x - mean) * rstd of the vector at i.
template <class Size>
HWY_INLINE DoubleVector standardAt(const float* x, size_t i, Size size, double mean, double rstd) {
  return hn::Mul(hn::Sub(widen(x + i, size), setDouble(mean)), setDouble(rstd));
}

inline void normalizeInDouble(const ForwardRows& row, const Affine& affine, size_t cols, double eps) {
  const double n = static_cast<double>(cols);
  const auto add = [&](size_t i, auto size, DoubleVector* sums)
                       VECTOR_CODE { sums[0] = hn::Add(sums[0], widen(row.x + i, size)); };
  const double mean = reduceInDouble<1>(cols, add)[0] / n;
  const auto addSquares = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector d = keepInside(hn::Sub(widen(row.x + i, size), setDouble(mean)), size);
    sums[0] = hn::MulAdd(d, d, sums[0]);
  };
  const double rstd = 1 / std::sqrt(reduceInDouble<1>(cols, addSquares)[0] / n + eps);
  eachDoubleVector(cols, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector weight = affine.weight ? widen(affine.weight + i, size) : setDouble(1);
    const DoubleVector bias = affine.bias ? widen(affine.bias + i, size) : zeroDouble();
    storeRounded(hn::MulAdd(standardAt(row.x, i, size, mean, rstd), weight, bias), row.y + i, size);
  });
  *row.mean = mean;
  *row.rstd = rstd;
}

inline void normalizeRowsInDouble(const ForwardRows& at, const Affine& affine, size_t rows, size_t cols, float eps) {
  for (size_t r = 0; r < rows; ++r) normalizeInDouble(at.from(r, cols), affine, cols, static_cast<double>(eps));
}

HWY_INLINE void inputGradientInDouble(const BackwardRows& row, const float* weight, size_t cols) {
  const double n = static_cast<double>(cols), mean = *row.mean, rstd = *row.rstd;
  const auto g = [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector dy = widen(row.dy + i, size);
    return weight ? hn::Mul(dy, widen(weight + i, size)) : dy;
  };
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector gradient = g(i, size);
    const DoubleVector xhat = keepInside(standardAt(row.x, i, size, mean, rstd), size);
    sums[0] = hn::Add(sums[0], gradient);
    sums[1] = hn::MulAdd(gradient, xhat, sums[1]);
  };
  const auto [sumG, sumGTimesXhat] = reduceInDouble<2>(cols, add);
  const DoubleVector meanG = setDouble(sumG / n), meanGTimesXhat = setDouble(sumGTimesXhat / n);
  eachDoubleVector(cols, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector xhat = standardAt(row.x, i, size, mean, rstd);
    const DoubleVector d = hn::NegMulAdd(xhat, meanGTimesXhat, hn::Sub(g(i, size), meanG));
    storeRounded(hn::Mul(setDouble(rstd), d), row.dx + i, size);
  });
}

inline void inputGradientsInDouble(const BackwardRows& at, const float* weight, size_t rows, size_t cols) {
  for (size_t r = 0; r < rows; ++r) inputGradientInDouble(at.from(r, cols), weight, cols);
}

// The terms of dWeight and of dBias in `width` columns from `first` on, kStrip at most, added up over the rows.
HWY_INLINE std::array<Strip, 2> affineGradients(const BackwardRows& at, size_t rows, size_t cols, size_t first,
                                                size_t width) {
  return reduceColumnsInDouble<2>(rows, width, [&](size_t r, size_t c, auto size, DoubleVector* terms) VECTOR_CODE {
    const size_t i = r * cols + first + c;
    const DoubleVector dy = widen(at.dy + i, size);
    terms[0] = hn::MulAdd(dy, standardAt(at.x, i, size, at.mean[r], at.rstd[r]), terms[0]);
    terms[1] = hn::Add(terms[1], dy);
  });
}

// sums, if not null, holds the terms of dWeight, then those of dBias.
inline void backwardShortRows(const BackwardRows& at, double* sums, const float* weight, size_t rows, size_t cols) {
  if (at.dx) inputGradientsInDouble(at, weight, rows, cols);
  if (!sums) return;
  const auto totals = affineGradients(at, rows, cols, 0, cols);
  std::copy_n(totals[0].data(), cols, sums);
  std::copy_n(totals[1].data(), cols, sums + cols);
}

// Of rows of any length.
inline void affineGradientsOfFewRows(const BackwardRows& at, float* dWeight, float* dBias, size_t rows, size_t cols) {
  if (!dWeight && !dBias) return;
  for (size_t first = 0; first < cols; first += kStrip) {
    const size_t width = std::min(kStrip, cols - first);
    const auto totals = affineGradients(at, rows, cols, first, width);
    for (size_t c = 0; dWeight && c < width; ++c) dWeight[first + c] = static_cast<float>(totals[0][c]);
    for (size_t c = 0; dBias && c < width; ++c) dBias[first + c] = static_cast<float>(totals[1][c]);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#endif  // EVENKEEL_KERNELS_LAYER_NORM_SHORT_INL_H_
