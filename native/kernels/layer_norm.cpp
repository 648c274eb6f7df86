#include "kernels/layer_norm.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/layer_norm_rows.h"
#include "kernels/parallel.h"
#include "kernels/partial_sums.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layer_norm.cpp"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "kernels/layer_norm_short-inl.h"

#ifndef EVENKEEL_KERNELS_LAYER_NORM_TARGETS_
#define EVENKEEL_KERNELS_LAYER_NORM_TARGETS_
namespace evenkeel {
namespace {

// One row in double precision: for those whose squares overflow single precision, or that hold no numbers.
void normalizeRowInDouble(const ForwardRows& row, const Affine& affine, size_t cols, float eps) {
  const auto [y, meanOut, rstdOut, x] = row;
  const double n = static_cast<double>(cols);
  double mean = 0;
  for (size_t c = 0; c < cols; ++c) mean += static_cast<double>(x[c]) / n;
  double var = 0;
  for (size_t c = 0; c < cols; ++c) var += (static_cast<double>(x[c]) - mean) * (static_cast<double>(x[c]) - mean) / n;
  const double rstd = 1 / std::sqrt(var + static_cast<double>(eps));
  for (size_t c = 0; c < cols; ++c) {
    const double weight = affine.weight ? static_cast<double>(affine.weight[c]) : 1.0;
    const double bias = affine.bias ? static_cast<double>(affine.bias[c]) : 0.0;
    y[c] = static_cast<float>((static_cast<double>(x[c]) - mean) * rstd * weight + bias);
  }
  *meanOut = mean;
  *rstdOut = rstd;
}

}  // namespace
}  // namespace evenkeel
#endif

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// The mean of a row is found in two steps: `near` in single precision, and the rest, `error`, from the deviations
// d = x - near. These are small and exact where the mean is large beside them, so everything else works on d - error.
// The first sum is of x - x[0], which makes `near` exact for a constant row.
HWY_INLINE float nearMean(const float* x, size_t cols) {
  const Vector first = set(x[0]);
  const auto add = [&](size_t i, auto size, Vector* sums) VECTOR_CODE {
    sums[0] = hn::Add(sums[0], keep(hn::Sub(load(x + i, size), first), zero(), size));
  };
  return static_cast<float>(static_cast<double>(x[0]) + reduce<1>(cols, add)[0] / static_cast<double>(cols));
}

// The sums of d and d^2.
HWY_INLINE std::array<double, 2> deviations(const float* x, float near, size_t cols) {
  return reduce<2>(cols, [&](size_t i, auto size, Vector* sums) VECTOR_CODE {
    const Vector d = keep(hn::Sub(load(x + i, size), set(near)), zero(), size);
    sums[0] = hn::Add(sums[0], d);
    sums[1] = hn::MulAdd(d, d, sums[1]);
  });
}

// xhat = (x - mean) * rstd of a row in single precision, which loses nothing where the mean is large: its float is
// taken off first, and what that leaves out is part of `shift`.
struct Standard {
  float near;
  float scale;
  float shift;

  Standard() = default;
  Standard(double mean, double rstd) : near(static_cast<float>(mean)), scale(static_cast<float>(rstd)) {
    shift = static_cast<float>((static_cast<double>(near) - mean) * rstd);
  }

  HWY_INLINE Vector xhat(Vector x) const { return hn::MulAdd(hn::Sub(x, set(near)), set(scale), set(shift)); }
};

// Some consecutive rows at once: while one of them waits for the end of a sum, the others go on. What becomes of a row
// does not depend on its neighbours.
template <class Memory, size_t rows>
HWY_INLINE void normalizeBlock(const ForwardRows& at, const Affine& affine, size_t cols, float eps) {
  const double n = static_cast<double>(cols);
  float near[rows];
  Standard standard[rows];
  bool finite[rows];
  for (size_t r = 0; r < rows; ++r) near[r] = nearMean(at.x + r * cols, cols);
  for (size_t r = 0; r < rows; ++r) {
    const auto [sum, squares] = deviations(at.x + r * cols, near[r], cols);
    const double error = sum / n;
    const double var = std::max(0.0, squares / n - error * error);
    finite[r] = std::isfinite(squares);
    at.mean[r] = static_cast<double>(near[r]) + error;
    at.rstd[r] = 1 / std::sqrt(var + static_cast<double>(eps));
    standard[r] = Standard(at.mean[r], at.rstd[r]);
  }
  const auto normalize = [&](size_t i, auto size) VECTOR_CODE {
    const Vector weight = affine.weight ? load(affine.weight + i, size) : set(1);
    const Vector bias = affine.bias ? load(affine.bias + i, size) : zero();
    for (size_t r = 0; r < rows; ++r) {
      const float* x = at.x + r * cols + i;
      if (Memory::kStreams) hwy::Prefetch(x + rows * cols);
      Memory::put(hn::MulAdd(standard[r].xhat(load(x, size)), weight, bias), at.y + r * cols + i, size);
    }
  };
  eachVector(cols, normalize, Memory::head(at.y));
  for (size_t r = 0; r < rows; ++r) {
    if (!finite[r]) normalizeRowInDouble(at.from(r, cols), affine, cols, eps);
  }
}

void normalizeRows(const ForwardRows& at, const Affine& affine, size_t rows, size_t cols, float eps, bool streams) {
  size_t r = 0;
  if (streams) {
    // The last block is left to the loop below: there is nothing behind it to prefetch.
    for (; r + 8 <= rows; r += 4) normalizeBlock<Streamed, 4>(at.from(r, cols), affine, cols, eps);
    hwy::FlushStream();
  }
  for (; r + 4 <= rows; r += 4) normalizeBlock<Cached, 4>(at.from(r, cols), affine, cols, eps);
  for (; r < rows; ++r) normalizeBlock<Cached, 1>(at.from(r, cols), affine, cols, eps);
}

// The means of g = dy * weight and of g * xhat over a row.
struct GradientMeans {
  float g;
  float gTimesXhat;
};

HWY_INLINE GradientMeans gradientMeans(const BackwardRows& row, const Standard& standard, const float* weight,
                                       size_t cols) {
  const auto add = [&](size_t i, auto size, Vector* sums) VECTOR_CODE {
    const Vector dy = load(row.dy + i, size);
    const Vector g = weight ? hn::Mul(dy, load(weight + i, size)) : dy;
    const Vector xhat = keep(standard.xhat(load(row.x + i, size)), zero(), size);
    sums[0] = hn::Add(sums[0], g);
    sums[1] = hn::MulAdd(g, xhat, sums[1]);
  };
  const auto [g, gTimesXhat] = reduce<2>(cols, add);
  const double n = static_cast<double>(cols);
  return {static_cast<float>(g / n), static_cast<float>(gTimesXhat / n)};
}

// Some consecutive rows at once: what they add to dWeight and dBias is summed up before it goes to memory.
template <class Memory, size_t rows>
HWY_INLINE void backwardBlock(const BackwardRows& at, const BackwardAffine& affine, size_t cols) {
  Standard standard[rows];
  GradientMeans means[rows];
  for (size_t r = 0; r < rows; ++r) standard[r] = Standard(at.mean[r], at.rstd[r]);
  for (size_t r = 0; at.dx && r < rows; ++r) {
    means[r] = gradientMeans(at.from(r, cols), standard[r], affine.weight, cols);
  }
  const auto backward = [&](size_t i, auto size) VECTOR_CODE {
    const Vector weight = affine.weight ? load(affine.weight + i, size) : set(1);
    Vector dWeight = zero();
    Vector dBias = zero();
    for (size_t r = 0; r < rows; ++r) {
      const float* x = at.x + r * cols + i;
      if (Memory::kStreams) {
        hwy::Prefetch(x + rows * cols);
        hwy::Prefetch(at.dy + (rows + r) * cols + i);
      }
      const Vector dy = load(at.dy + r * cols + i, size);
      const Vector xhat = standard[r].xhat(load(x, size));
      dWeight = hn::MulAdd(dy, xhat, dWeight);
      dBias = hn::Add(dBias, dy);
      if (!at.dx) continue;
      const Vector centred = hn::MulSub(dy, weight, set(means[r].g));
      const Vector dx = hn::Mul(set(standard[r].scale), hn::NegMulAdd(xhat, set(means[r].gTimesXhat), centred));
      Memory::put(dx, at.dx + r * cols + i, size);
    }
    if (affine.dWeight) store(hn::Add(load(affine.dWeight + i, size), dWeight), affine.dWeight + i, size);
    if (affine.dBias) store(hn::Add(load(affine.dBias + i, size), dBias), affine.dBias + i, size);
  };
  eachVector(cols, backward, Memory::head(at.dx));
}

void backwardRows(const BackwardRows& at, const BackwardAffine& affine, size_t rows, size_t cols, bool streams) {
  size_t r = 0;
  if (streams) {
    for (; r + 8 <= rows; r += 4) backwardBlock<Streamed, 4>(at.from(r, cols), affine, cols);
    hwy::FlushStream();
  }
  for (; r + 4 <= rows; r += 4) backwardBlock<Cached, 4>(at.from(r, cols), affine, cols);
  for (; r < rows; ++r) backwardBlock<Cached, 1>(at.from(r, cols), affine, cols);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(shouldStream);
HWY_EXPORT(normalizeRows);
HWY_EXPORT(backwardRows);
HWY_EXPORT(normalizeShortRows);
HWY_EXPORT(backwardShortRows);

// How many rows are one thread's to do before it looks for others. At most 16 groups, each with sums of its own.
size_t rowsAtOnce(size_t rows, size_t cols) {
  if (rows * cols < kElementsWorthSharing) return std::max<size_t>(rows, 1);
  const size_t few = std::max(kElementsAtOnce / cols, (rows + 15) / 16);
  return (few + 3) / 4 * 4;
}

// Adds up the sums of some groups of rows, which lie `stride` apart, and rounds them.
void addUpGroups(OptionalOut total, const double* sums, size_t groups, size_t stride) {
  for (size_t c = 0; total && c < total->size(); ++c) {
    double sum = 0;
    for (size_t group = 0; group < groups; ++group) sum += sums[group * stride + c];
    (*total)[c] = static_cast<float>(sum);
  }
}

template <typename Span>
auto* dataOf(const std::optional<Span>& elements) {
  return elements ? elements->data() : nullptr;
}

void backwardOfShortRows(const BackwardRows& first, OptionalOut dWeight, OptionalOut dBias, const float* weight,
                         size_t rows, size_t cols) {
  const size_t atOnce = rowsAtOnce(rows, cols), groups = (rows + atOnce - 1) / atOnce;
  std::vector<double> sums(dWeight || dBias ? 2 * groups * cols : 0);
  parallelFor(rows, atOnce, [&](size_t begin, size_t end) {
    double* own = sums.empty() ? nullptr : sums.data() + begin / atOnce * 2 * cols;
    HWY_DYNAMIC_DISPATCH(backwardShortRows)(first.from(begin, cols), own, weight, end - begin, cols);
  });
  addUpGroups(dWeight, sums.data(), groups, 2 * cols);
  addUpGroups(dBias, sums.data() + cols, groups, 2 * cols);
}

}  // namespace

void layerNormForward(Out y, OutDoubles mean, OutDoubles rstd, In x, OptionalIn weight, OptionalIn bias, size_t rows,
                      size_t cols, float eps) {
  const Checks checks("layerNormForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("mean", mean, {{"rows", rows}});
  checks.length("rstd", rstd, {{"rows", rows}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  checks.length("weight", weight, {{"cols", cols}});
  checks.length("bias", bias, {{"cols", cols}});
  if (cols == 0) {
    std::fill(mean.begin(), mean.end(), 0.0);
    std::fill(rstd.begin(), rstd.end(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  const ForwardRows first{y.data(), mean.data(), rstd.data(), x.data()};
  const Affine affine{dataOf(weight), dataOf(bias)};
  const bool streams = HWY_DYNAMIC_DISPATCH(shouldStream)(rows, cols);
  parallelFor(rows, rowsAtOnce(rows, cols), [&](size_t begin, size_t end) {
    if (cols < kShortRow) {
      HWY_DYNAMIC_DISPATCH(normalizeShortRows)(first.from(begin, cols), affine, end - begin, cols, eps);
      return;
    }
    HWY_DYNAMIC_DISPATCH(normalizeRows)(first.from(begin, cols), affine, end - begin, cols, eps, streams);
  });
}

void layerNormBackward(OptionalOut dx, OptionalOut dWeight, OptionalOut dBias, In dy, In x, OptionalIn weight,
                       InDoubles mean, InDoubles rstd, size_t rows, size_t cols) {
  const Checks checks("layerNormBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dWeight", dWeight, {{"cols", cols}});
  checks.length("dBias", dBias, {{"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  checks.length("weight", weight, {{"cols", cols}});
  checks.length("mean", mean, {{"rows", rows}});
  checks.length("rstd", rstd, {{"rows", rows}});
  if (cols == 0) return;

  const BackwardRows first{dataOf(dx), dy.data(), x.data(), mean.data(), rstd.data()};
  if (cols < kShortRow) return backwardOfShortRows(first, dWeight, dBias, dataOf(weight), rows, cols);
  const bool streams = HWY_DYNAMIC_DISPATCH(shouldStream)(rows, cols);
  const size_t atOnce = rowsAtOnce(rows, cols);
  PartialSums dWeights(dWeight, rows, atOnce), dBiases(dBias, rows, atOnce);
  parallelFor(rows, atOnce, [&](size_t begin, size_t end) {
    const size_t group = begin / atOnce;
    const BackwardAffine affine{dWeights.of(group), dBiases.of(group), dataOf(weight)};
    HWY_DYNAMIC_DISPATCH(backwardRows)(first.from(begin, cols), affine, end - begin, cols, streams);
  });
  dWeights.addUp();
  dBiases.addUp();
}

}  // namespace evenkeel
#endif
