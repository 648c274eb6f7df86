// Sums over the columns of a matrix.
//
// Compiled once for each instruction set, inside hwy/foreach_target.h, like everything that includes it.
#if defined(EVENKEEL_KERNELS_COLUMN_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EVENKEEL_KERNELS_COLUMN_SUMS_INL_H_
#undef EVENKEEL_KERNELS_COLUMN_SUMS_INL_H_
#else
#define EVENKEEL_KERNELS_COLUMN_SUMS_INL_H_
#endif

#include <algorithm>

#include "kernels/buffer.h"
#include "kernels/column_sums.h"
#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

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

// y[i] = the sum of column i of a matrix of at most kStrip columns, whose rows begin `stride` apart. Calls
// prepare(begin, end) before it looks at those rows.
template <class Prepare>
HWY_INLINE void sumStrip(Out y, const float* x, size_t rows, size_t stride, const Prepare& prepare) {
  constexpr size_t kBlock = 64;
  const size_t width = y.size();
  double totals[kStrip] = {};
  for (size_t begin = 0; begin < rows; begin += kBlock) {
    const size_t end = begin + std::min(kBlock, rows - begin);
    prepare(begin, end);
    float partial[kStrip] = {};
    size_t r = begin;
    for (; r + 4 <= end; r += 4) addFourRows(partial, x + r * stride, stride, width);
    for (; r < end; ++r) addRow(partial, x + r * stride, width);
    for (size_t i = 0; i < width; ++i) totals[i] += static_cast<double>(partial[i]);
  }
  for (size_t i = 0; i < width; ++i) y[i] = static_cast<float>(totals[i]);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#endif  // EVENKEEL_KERNELS_COLUMN_SUMS_INL_H_
