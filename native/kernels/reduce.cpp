#include "kernels/reduce.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/elements.h"
#include "kernels/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/reduce.cpp"
#include "hwy/foreach_target.h"
#include "kernels/vector-inl.h"

#ifndef EVENKEEL_KERNELS_REDUCE_STRIP_
#define EVENKEEL_KERNELS_REDUCE_STRIP_
namespace evenkeel {
namespace {
constexpr size_t kStrip = 512;
}  // namespace
}  // namespace evenkeel
#endif

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// y[r] = the sum of row r of the (rows, cols) matrix x.
void sumRows(Out y, In x, size_t rows, size_t cols) {
  for (size_t r = 0; r < rows; ++r) {
    const float* row = x.data() + r * cols;
    const auto add = [&](size_t i, auto size, Vector* sums)
                         VECTOR_CODE { sums[0] = hn::Add(sums[0], load(row + i, size)); };
    y[r] = static_cast<float>(reduce<1>(cols, add)[0]);
  }
}

// partial[c] += the sum over four rows of x, which are `stride` apart.
HWY_INLINE void addFourRows(float* partial, const float* x, size_t stride, size_t cols) {
  eachVector(cols, [&](size_t c, auto size) VECTOR_CODE {
    const Vector first = hn::Add(load(x + c, size), load(x + stride + c, size));
    const Vector second = hn::Add(load(x + 2 * stride + c, size), load(x + 3 * stride + c, size));
    store(hn::Add(load(partial + c, size), hn::Add(first, second)), partial + c, size);
  });
}

HWY_INLINE void addRow(float* partial, const float* x, size_t cols) {
  const auto add = [](Vector a, Vector b) VECTOR_CODE { return hn::Add(a, b); };
  map(partial, cols, add, static_cast<const float*>(partial), x);
}

// y[i] = the sum of column c + i of the (rows, cols) matrix x, for a strip of columns whose totals stay in the cache.
void sumStrip(Out y, In x, size_t rows, size_t cols, size_t c) {
  constexpr size_t kBlock = 64;
  const size_t width = y.size();
  double totals[kStrip] = {};
  for (size_t begin = 0; begin < rows; begin += kBlock) {
    const size_t end = begin + std::min(kBlock, rows - begin);
    float partial[kStrip] = {};
    size_t r = begin;
    for (; r + 4 <= end; r += 4) addFourRows(partial, x.data() + r * cols + c, cols, width);
    for (; r < end; ++r) addRow(partial, x.data() + r * cols + c, width);
    for (size_t i = 0; i < width; ++i) totals[i] += static_cast<double>(partial[i]);
  }
  for (size_t i = 0; i < width; ++i) y[i] = static_cast<float>(totals[i]);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(sumRows);
HWY_EXPORT(sumStrip);

template <typename T>
size_t argmaxOf(const T* x, size_t n, size_t stride) {
  size_t best = 0;
  // A comparison with NaN is false, so a NaN replaces any number, and then nothing replaces it.
  for (size_t j = 1; j < n && !std::isnan(x[best * stride]); ++j) {
    if (!(x[j * stride] <= x[best * stride])) best = j;
  }
  return best;
}

void sumDoubles(OutDoubles y, InDoubles x, size_t outer, size_t n, size_t inner) {
  std::ranges::fill(y, 0.0);
  for (size_t row = 0; row < outer * n; ++row) {
    const size_t o = row / n;
    for (size_t i = 0; i < inner; ++i) y[o * inner + i] += x[row * inner + i];
  }
}

void sumFloats(Out y, In x, size_t outer, size_t n, size_t inner) {
  if (inner == 0) return;
  if (inner == 1) {
    return parallelRows(outer, n, [&](size_t begin, size_t end) {
      const size_t rows = end - begin;
      HWY_DYNAMIC_DISPATCH(sumRows)(y.subspan(begin, rows), x.subspan(begin * n, rows * n), rows, n);
    });
  }
  const size_t strips = (inner + kStrip - 1) / kStrip;
  parallelRows(outer * strips, n * std::min(inner, kStrip), [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const size_t o = i / strips, c = i % strips * kStrip;
      const Out part = y.subspan(o * inner + c, std::min(kStrip, inner - c));
      HWY_DYNAMIC_DISPATCH(sumStrip)(part, x.subspan(o * n * inner, n * inner), n, inner, c);
    }
  });
}

}  // namespace

void sum(OutFloats y, InFloats x, size_t outer, size_t n, size_t inner) {
  const Checks checks("sum");
  checks.length("y", y, {{"outer", outer}, {"inner", inner}});
  checks.length("x", x, {{"outer", outer}, {"n", n}, {"inner", inner}});
  const auto body = [&](auto to, auto from) {
    if constexpr (std::is_same_v<decltype(to), Out>) {
      sumFloats(to, from, outer, n, inner);
    } else {
      sumDoubles(to, from, outer, n, inner);
    }
  };
  ofOneType(checks, y, body, x);
}

void argmax(OutIntegers indices, InFloats x, size_t outer, size_t n, size_t inner) {
  const Checks checks("argmax");
  checks.range("n", n, 1, std::numeric_limits<std::int32_t>::max());
  checks.length("indices", indices, {{"outer", outer}, {"inner", inner}});
  checks.length("x", x, {{"outer", outer}, {"n", n}, {"inner", inner}});
  const auto body = [&](auto from) {
    for (size_t i = 0; i < indices.size(); ++i) {
      const size_t start = i / inner * n * inner + i % inner;
      indices[i] = static_cast<std::int32_t>(argmaxOf(from.data() + start, n, inner));
    }
  };
  std::visit(body, x);
}

}  // namespace evenkeel
#endif
