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
#include "kernels/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

struct Statistics {
  double mean;
  double rstd;
};

// From the sums of d = x - x[0] and of d^2: their difference is the variance. Little of it cancels, since x[0] is one
// of the elements: the mean of n lies no further from any of them than sqrt(n) deviations. A constant row leaves
// nothing.
HWY_INLINE Statistics statisticsOf(const float* x, size_t cols, double eps) {
  const double n = static_cast<double>(cols), first = static_cast<double>(x[0]);
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector d = keepInside(hn::Sub(widen(x + i, size), setDouble(first)), size);
    sums[0] = hn::Add(sums[0], d);
    sums[1] = hn::MulAdd(d, d, sums[1]);
  };
  const auto [sum, squares] = reduceInDouble<2>(cols, add);
  const double var = std::max(squares / n - sum / n * (sum / n), 0.0);  // NaN stays NaN.
  return {first + sum / n, 1 / std::sqrt(var + eps)};
}

// Some consecutive rows at once: while one of them waits for the end of a sum, the others go on. What becomes of a row
// does not depend on its neighbours.
template <class Memory, size_t rows>
HWY_INLINE void normalizeBlock(const ForwardRows& at, const Affine& affine, size_t cols, double eps) {
  DoubleVector mean[rows], rstd[rows];
  for (size_t r = 0; r < rows; ++r) {
    const Statistics found = statisticsOf(at.x + r * cols, cols, eps);
    at.mean[r] = found.mean;
    at.rstd[r] = found.rstd;
    mean[r] = setDouble(found.mean);
    rstd[r] = setDouble(found.rstd);
  }
  const auto normalize = [&](size_t i, auto size) VECTOR_CODE {
    WideVector weight, bias, y;
    for (size_t h = 0; h < kHalves; ++h) {
      const size_t first = i + h * doubleLanes();
      weight[h] = affine.weight ? widen(affine.weight + first, half(h, size)) : setDouble(1);
      bias[h] = affine.bias ? widen(affine.bias + first, half(h, size)) : zeroDouble();
    }
    for (size_t r = 0; r < rows; ++r) {
      const float* x = at.x + r * cols + i;
      if (Memory::kStreams) hwy::Prefetch(x + rows * cols);
      for (size_t h = 0; h < kHalves; ++h) {
        const DoubleVector d = hn::Sub(widen(x + h * doubleLanes(), half(h, size)), mean[r]);
        y[h] = hn::MulAdd(hn::Mul(d, rstd[r]), weight[h], bias[h]);
      }
      Memory::put(rounded(y), at.y + r * cols + i, size);
    }
  };
  eachVector(cols, normalize, Memory::head(at.y));
}

void normalizeRows(const ForwardRows& at, const Affine& affine, size_t rows, size_t cols, double eps, bool streams) {
  size_t r = 0;
  if (streams) {
    // The last block is left to the loop below: there is nothing behind it to prefetch.
    for (; r + 8 <= rows; r += 4) normalizeBlock<Streamed, 4>(at.from(r, cols), affine, cols, eps);
    hwy::FlushStream();
  }
  for (; r + 4 <= rows; r += 4) normalizeBlock<Cached, 4>(at.from(r, cols), affine, cols, eps);
  for (; r < rows; ++r) normalizeBlock<Cached, 1>(at.from(r, cols), affine, cols, eps);
}

// With xhat = (x - mean) * rstd and g = dy * weight, dx = rstd * (g - meanG - xhat * meanGXhat). Finds meanG and
// meanGXhat of some rows, which share the weights.
template <size_t rows>
HWY_INLINE void findMeans(DoubleVector* meanG, DoubleVector* meanGXhat, const BackwardRows& at,
                          const DoubleVector* mean, const float* weight, size_t cols) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector w = weight ? widen(weight + i, size) : setDouble(1);
    for (size_t r = 0; r < rows; ++r) {
      const DoubleVector g = hn::Mul(widen(at.dy + r * cols + i, size), w);
      const DoubleVector d = keepInside(hn::Sub(widen(at.x + r * cols + i, size), mean[r]), size);
      sums[2 * r] = hn::Add(sums[2 * r], g);
      sums[2 * r + 1] = hn::MulAdd(g, d, sums[2 * r + 1]);
    }
  };
  const auto sums = reduceInDouble<2 * rows, 2>(cols, add);
  const double n = static_cast<double>(cols);
  for (size_t r = 0; r < rows; ++r) {
    meanG[r] = setDouble(sums[2 * r] / n);
    meanGXhat[r] = setDouble(sums[2 * r + 1] * at.rstd[r] / n);
  }
}

// Some consecutive rows at once: what they add to dWeight and dBias is summed up before it goes to memory.
template <class Memory, size_t rows>
HWY_INLINE void backwardBlock(const BackwardRows& at, const BackwardAffine& affine, size_t cols) {
  constexpr size_t kTogether = std::min<size_t>(rows, 2);
  DoubleVector mean[rows], rstd[rows], meanG[rows], meanGXhat[rows];
  for (size_t r = 0; r < rows; ++r) {
    mean[r] = setDouble(at.mean[r]);
    rstd[r] = setDouble(at.rstd[r]);
    meanG[r] = meanGXhat[r] = zeroDouble();
  }
  for (size_t r = 0; at.dx && r < rows; r += kTogether) {
    findMeans<kTogether>(meanG + r, meanGXhat + r, at.from(r, cols), mean + r, affine.weight, cols);
  }
  const auto backward = [&](size_t i, auto size) VECTOR_CODE {
    WideVector weight, dWeight, dBias, dx;
    for (size_t h = 0; h < kHalves; ++h) {
      const size_t first = i + h * doubleLanes();
      weight[h] = affine.weight ? widen(affine.weight + first, half(h, size)) : setDouble(1);
      dWeight[h] = dBias[h] = zeroDouble();
    }
    for (size_t r = 0; r < rows; ++r) {
      const float* x = at.x + r * cols + i;
      const float* dy = at.dy + r * cols + i;
      if (Memory::kStreams) {
        hwy::Prefetch(x + rows * cols);
        hwy::Prefetch(dy + rows * cols);
      }
      for (size_t h = 0; h < kHalves; ++h) {
        const DoubleVector v = widen(dy + h * doubleLanes(), half(h, size));
        const DoubleVector d = hn::Sub(widen(x + h * doubleLanes(), half(h, size)), mean[r]);
        const DoubleVector xhat = hn::Mul(d, rstd[r]);
        dWeight[h] = hn::MulAdd(v, xhat, dWeight[h]);
        dBias[h] = hn::Add(dBias[h], v);
        const DoubleVector centred = hn::MulSub(v, weight[h], meanG[r]);
        dx[h] = hn::Mul(rstd[r], hn::NegMulAdd(xhat, meanGXhat[r], centred));
      }
      if (at.dx) Memory::put(rounded(dx), at.dx + r * cols + i, size);
    }
    for (size_t h = 0; h < kHalves; ++h) {
      const size_t first = i + h * doubleLanes();
      if (affine.dWeight) addDoubles(dWeight[h], affine.dWeight + first, half(h, size));
      if (affine.dBias) addDoubles(dBias[h], affine.dBias + first, half(h, size));
    }
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

// Adds up what the groups of rows have come to, and rounds that.
void addUp(PartialSums& sums) {
  if (!sums.total()) return;
  eachDoubleVector(sums.total()->size(), [&](size_t i, auto size) VECTOR_CODE {
    DoubleVector sum = zeroDouble();
    for (size_t group = 0; group < sums.groups(); ++group) sum = hn::Add(sum, load(Doubles(), sums[group] + i, size));
    storeRounded(sum, sums.total()->data() + i, size);
  });
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
HWY_EXPORT(addUp);

template <typename Span>
auto* dataOf(const std::optional<Span>& elements) {
  return elements ? elements->data() : nullptr;
}

}  // namespace

void layerNormForward(Out y, OutDoubles mean, OutDoubles rstd, In x, OptionalIn weight, OptionalIn bias, size_t rows,
                      size_t cols, double eps) {
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
  const bool streams = HWY_DYNAMIC_DISPATCH(shouldStream)(rows, cols);
  const size_t atOnce = rowsAtOnce(rows, cols), groups = (rows + atOnce - 1) / atOnce;
  PartialSums dWeights(dWeight, groups), dBiases(dBias, groups);
  parallelFor(rows, atOnce, [&](size_t begin, size_t end) {
    const size_t group = begin / atOnce;
    const BackwardAffine sums{dWeights[group], dBiases[group], dataOf(weight)};
    HWY_DYNAMIC_DISPATCH(backwardRows)(first.from(begin, cols), sums, end - begin, cols, streams);
  });
  HWY_DYNAMIC_DISPATCH(addUp)(dWeights);
  HWY_DYNAMIC_DISPATCH(addUp)(dBiases);
}

}  // namespace evenkeel
#endif
