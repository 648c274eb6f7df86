#include "kernels/reduce.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/column_sums.h"
#include "kernels/elements.h"
#include "kernels/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/reduce.cpp"
#include "hwy/foreach_target.h"
#include "kernels/column_sums-inl.h"
#include "kernels/vector-inl.h"

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

void sumOfStrip(Out y, In x, size_t rows, size_t cols, size_t c) {
  sumStrip(y, x.data() + c, rows, cols, [](size_t, size_t) VECTOR_CODE {});
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(sumRows);
HWY_EXPORT(sumOfStrip);

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
  const size_t strips = stripsOf(inner);
  parallelRows(outer * strips, n * std::min(inner, kStrip), [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const size_t o = i / strips, c = i % strips * kStrip;
      const Out part = y.subspan(o * inner + c, std::min(kStrip, inner - c));
      HWY_DYNAMIC_DISPATCH(sumOfStrip)(part, x.subspan(o * n * inner, n * inner), n, inner, c);
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
