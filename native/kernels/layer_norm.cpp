#include "kernels/layer_norm.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/layer_norm_rows.h"
#include "kernels/parallel.h"
#include "kernels/partial_sums.h"
#include "kernels/scratch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layer_norm.cpp"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "kernels/layer_norm_short-inl.h"

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

struct Deviations {
  double sum;
  double sumOfSquares;
  bool even;
};

// The sums of d and d^2. They are even unless some lane holds far more of the squares than its share: then few elements
// outweigh the rest, which is rounded each time it is added to them, or squares have overflowed.
HWY_INLINE Deviations deviations(const float* x, float near, size_t cols) {
  const auto add = [&](size_t i, auto size, Vector* sums) VECTOR_CODE {
    const Vector d = keep(hn::Sub(load(x + i, size), set(near)), zero(), size);
    sums[0] = hn::Add(sums[0], d);
    sums[1] = hn::MulAdd(d, d, sums[1]);
  };
  float largest = 0;
  const auto [sum, squares] = reduce<2>(cols, add, [&](size_t s, Vector lanesOfSum) VECTOR_CODE {
    if (s == 1) largest = std::max(largest, hn::GetLane(hn::MaxOfLanes(Floats(), lanesOfSum)));
  });
  const double share = 0.25 + 1 / static_cast<double>(lanes());
  return {sum, squares, std::isfinite(squares) && static_cast<double>(largest) <= share * squares};
}

// The float that is taken off a row first: the one nearest to the mean. A mean close to zero is left to the shift,
// since x is exact and x - near is rounded; but one that is a float itself, as those of constant rows, leaves nothing.
HWY_INLINE float takenOff(double mean, double rstd) {
  const float near = static_cast<float>(mean);
  return static_cast<double>(near) == mean || std::abs(mean * rstd) > 0.25 ? near : 0;
}

// xhat = (x - mean) * rstd of a row in single precision, which loses nothing where the mean is large: what taking off
// `near` leaves of the mean is part of `shift`.
struct Standard {
  float near;
  float scale;
  float shift;

  Standard() = default;
  Standard(double mean, double rstd) : near(takenOff(mean, rstd)), scale(static_cast<float>(rstd)) {
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
  bool even[rows];
  for (size_t r = 0; r < rows; ++r) near[r] = nearMean(at.x + r * cols, cols);
  for (size_t r = 0; r < rows; ++r) {
    const Deviations found = deviations(at.x + r * cols, near[r], cols);
    const double error = found.sum / n;
    const double var = std::max(0.0, found.sumOfSquares / n - error * error);
    even[r] = found.even;
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
    if (!even[r]) normalizeInDouble(at.from(r, cols), affine, cols, static_cast<double>(eps));
  }
}

void normalizeRows(const ForwardRows& at, const Affine& affine, size_t rows, size_t cols, float eps, bool streams) {
  // A single lane does not show how even its sum is, and is as fast in double precision.
  if (lanes() == 1) return normalizeRowsInDouble(at, affine, rows, cols, eps);
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
      // Their sum first: it is small beside dy * weight, and so is its rounding error.
      const Vector removed = hn::MulAdd(xhat, set(means[r].gTimesXhat), set(means[r].g));
      const Vector dx = hn::Mul(set(standard[r].scale), hn::MulSub(dy, weight, removed));
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
HWY_EXPORT(normalizeRowsInDouble);
HWY_EXPORT(backwardShortRows);
HWY_EXPORT(affineGradientsOfFewRows);
HWY_EXPORT(inputGradientsInDouble);

template <typename Span>
auto* dataOf(const std::optional<Span>& elements) {
  return elements ? elements->data() : nullptr;
}

void backwardOfShortRows(const BackwardRows& first, OptionalOut dWeight, OptionalOut dBias, const float* weight,
                         size_t rows, size_t cols) {
  const size_t atOnce = rowsAtOnce(rows, cols), groups = (rows + atOnce - 1) / atOnce;
  const bool adds = dWeight || dBias;
  Scratch<double> sums(adds ? 2 * groups * cols : 0);
  parallelFor(rows, atOnce, [&](size_t begin, size_t end) {
    double* own = adds ? sums.data() + begin / atOnce * 2 * cols : nullptr;
    HWY_DYNAMIC_DISPATCH(backwardShortRows)(first.from(begin, cols), own, weight, end - begin, cols);
  });
  if (!adds) return;
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
    if (cols < kShortRow || rows * cols < kFewElements) {
      HWY_DYNAMIC_DISPATCH(normalizeRowsInDouble)(first.from(begin, cols), affine, end - begin, cols, eps);
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
  if (rows < kFewRows) {
    HWY_DYNAMIC_DISPATCH(affineGradientsOfFewRows)(first, dataOf(dWeight), dataOf(dBias), rows, cols);
    dWeight = dBias = std::nullopt;
    if (!dx) return;
    if (rows * cols < kFewElements) {
      HWY_DYNAMIC_DISPATCH(inputGradientsInDouble)(first, dataOf(weight), rows, cols);
      return;
    }
  }
  const bool streams = HWY_DYNAMIC_DISPATCH(shouldStream)(rows, cols);
  const size_t atOnce = rowsAtOnce(rows, cols);
  const size_t perSum = rowsOfASum(rows, atOnce), sumsAtOnce = (atOnce + perSum - 1) / perSum;
  const size_t sums = (rows + atOnce - 1) / atOnce * sumsAtOnce;
  PartialSums dWeights(dWeight, sums), dBiases(dBias, sums);
  parallelFor(rows, atOnce, [&](size_t begin, size_t end) {
    size_t sum = begin / atOnce * sumsAtOnce;
    for (size_t r = begin; r < end; r += perSum, ++sum) {
      const BackwardAffine affine{dWeights[sum], dBiases[sum], dataOf(weight)};
      HWY_DYNAMIC_DISPATCH(backwardRows)(first.from(r, cols), affine, std::min(perSum, end - r), cols, streams);
    }
  });
  dWeights.addUp();
  dBiases.addUp();
}

}  // namespace evenkeel
#endif
