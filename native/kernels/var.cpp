#include "kernels/var.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/var.cpp"
#include "hwy/foreach_target.h"
#include "kernels/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// The mean and the sum of the squared distances from it, of each row of a (rows, n) matrix.
void rowMoments(OutDoubles mean, OutDoubles squares, In x, size_t n) {
  for (size_t r = 0; r < mean.size(); ++r) {
    const float* row = x.data() + r * n;
    const auto add = [&](size_t i, auto size, DoubleVector* sums)
                         VECTOR_CODE { sums[0] = hn::Add(sums[0], widen(row + i, size)); };
    mean[r] = reduceInDouble<1>(n, add)[0] / static_cast<double>(n);
    const auto addSquares = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
      const DoubleVector d = keepInside(hn::Sub(widen(row + i, size), setDouble(mean[r])), size);
      sums[0] = hn::MulAdd(d, d, sums[0]);
    };
    squares[r] = reduceInDouble<1>(n, addSquares)[0];
  }
}

// dx = slope * (x - mean) for n numbers in a row.
void scaleDistances(Out dx, In x, double slope, double mean) {
  eachDoubleVector(x.size(), [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector d = hn::Sub(widen(x.data() + i, size), setDouble(mean));
    storeRounded(hn::Mul(setDouble(slope), d), dx.data() + i, size);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(rowMoments);
HWY_EXPORT(scaleDistances);
}  // namespace

void varForward(Out y, OutDoubles mean, OutDoubles std, In x, size_t rows, size_t n, double divisor, bool root) {
  const Checks checks("varForward");
  checks.length("y", y, {{"rows", rows}});
  checks.length("mean", mean, {{"rows", rows}});
  checks.length("std", std, {{"rows", rows}});
  checks.length("x", x, {{"rows", rows}, {"n", n}});
  HWY_DYNAMIC_DISPATCH(rowMoments)(mean, std, x, n);
  for (size_t r = 0; r < rows; ++r) {
    const double variance = std[r] / divisor;
    std[r] = std::sqrt(variance);
    y[r] = static_cast<float>(root ? std[r] : variance);
  }
}

void varBackward(Out dx, In dy, In x, InDoubles mean, InDoubles std, size_t rows, size_t n, double divisor, bool root) {
  const Checks checks("varBackward");
  checks.length("dx", dx, {{"rows", rows}, {"n", n}});
  checks.length("dy", dy, {{"rows", rows}});
  checks.length("x", x, {{"rows", rows}, {"n", n}});
  checks.length("mean", mean, {{"rows", rows}});
  checks.length("std", std, {{"rows", rows}});
  for (size_t r = 0; r < rows; ++r) {
    const double g = static_cast<double>(dy[r]);
    const double steep = std[r] == 0 ? 0 : g / std[r];
    const double slope = (root ? steep : 2 * g) / divisor;
    HWY_DYNAMIC_DISPATCH(scaleDistances)(dx.subspan(r * n, n), x.subspan(r * n, n), slope, mean[r]);
  }
}

}  // namespace evenkeel
#endif
