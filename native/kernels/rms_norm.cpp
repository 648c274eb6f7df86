#include "kernels/rms_norm.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/rms_norm.cpp"
#include "hwy/foreach_target.h"
#include "kernels/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// Null for an absent weight, as in all functions below. Returns rstd.
HWY_INLINE double normalizeRow(float* y, const float* x, const float* weight, size_t cols, double eps) {
  const auto addSquares = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector v = widen(x + i, size);
    sums[0] = hn::MulAdd(v, v, sums[0]);
  };
  const double meanOfSquares = reduceInDouble<1>(cols, addSquares)[0] / static_cast<double>(cols);
  const double rstd = 1 / std::sqrt(meanOfSquares + eps);
  eachDoubleVector(cols, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector xhat = hn::Mul(widen(x + i, size), setDouble(rstd));
    storeRounded(weight ? hn::Mul(xhat, widen(weight + i, size)) : xhat, y + i, size);
  });
  return rstd;
}

void normalizeRows(Out y, OutDoubles rstd, In x, const float* weight, size_t cols, double eps) {
  for (size_t r = 0; r < rstd.size(); ++r) {
    rstd[r] = normalizeRow(y.data() + r * cols, x.data() + r * cols, weight, cols, eps);
  }
}

HWY_INLINE void inputGradientOfRow(float* dx, const float* dy, const float* x, const float* weight, double rstd,
                                   size_t cols) {
  const auto g = [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector v = widen(dy + i, size);
    return weight ? hn::Mul(v, widen(weight + i, size)) : v;
  };
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector xhat = hn::Mul(widen(x + i, size), setDouble(rstd));
    sums[0] = hn::MulAdd(g(i, size), xhat, sums[0]);
  };
  const double mean = reduceInDouble<1>(cols, add)[0] / static_cast<double>(cols);
  eachDoubleVector(cols, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector xhat = hn::Mul(widen(x + i, size), setDouble(rstd));
    storeRounded(hn::Mul(setDouble(rstd), hn::NegMulAdd(xhat, setDouble(mean), g(i, size))), dx + i, size);
  });
}

void inputGradient(Out dx, In dy, In x, const float* weight, InDoubles rstd, size_t cols) {
  for (size_t r = 0; r < rstd.size(); ++r) {
    const size_t start = r * cols;
    inputGradientOfRow(dx.data() + start, dy.data() + start, x.data() + start, weight, rstd[r], cols);
  }
}

void weightGradient(Out dWeight, In dy, In x, InDoubles rstd, size_t cols) {
  for (size_t first = 0; first < cols; first += kStrip) {
    const size_t width = std::min(kStrip, cols - first);
    const auto add = [&](size_t r, size_t c, auto size, DoubleVector* sums) VECTOR_CODE {
      const size_t at = r * cols + first + c;
      const DoubleVector xhat = hn::Mul(widen(x.data() + at, size), setDouble(rstd[r]));
      sums[0] = hn::MulAdd(widen(dy.data() + at, size), xhat, sums[0]);
    };
    const auto totals = reduceColumnsInDouble<1>(rstd.size(), width, add);
    for (size_t c = 0; c < width; ++c) dWeight[first + c] = static_cast<float>(totals[0][c]);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(normalizeRows);
HWY_EXPORT(inputGradient);
HWY_EXPORT(weightGradient);
}  // namespace

void rmsNormForward(Out y, OutDoubles rstd, In x, OptionalIn weight, size_t rows, size_t cols, double eps) {
  const Checks checks("rmsNormForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("rstd", rstd, {{"rows", rows}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  checks.length("weight", weight, {{"cols", cols}});
  HWY_DYNAMIC_DISPATCH(normalizeRows)(y, rstd, x, weight ? weight->data() : nullptr, cols, eps);
}

void rmsNormBackward(OptionalOut dx, OptionalOut dWeight, In dy, In x, OptionalIn weight, InDoubles rstd, size_t rows,
                     size_t cols) {
  const Checks checks("rmsNormBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dWeight", dWeight, {{"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  checks.length("weight", weight, {{"cols", cols}});
  checks.length("rstd", rstd, {{"rows", rows}});
  if (dx) HWY_DYNAMIC_DISPATCH(inputGradient)(*dx, dy, x, weight ? weight->data() : nullptr, rstd, cols);
  if (dWeight) HWY_DYNAMIC_DISPATCH(weightGradient)(*dWeight, dy, x, rstd, cols);
}

}  // namespace evenkeel
#endif
