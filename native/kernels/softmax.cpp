#include "kernels/softmax.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/class_index.h"
#include "kernels/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/softmax.cpp"
#include "hwy/foreach_target.h"
#include "kernels/math-inl.h"

#ifndef EVENKEEL_KERNELS_SOFTMAX_TARGETS_
#define EVENKEEL_KERNELS_SOFTMAX_TARGETS_
namespace evenkeel {
namespace {

// The distribution that rows of one target class are held against, less what depends on the row.
struct Smoothing {
  const float* weight;  // null: ones
  double weightSum;
  double toAll;     // labelSmoothing / cols
  double toTarget;  // 1 - labelSmoothing
};

}  // namespace
}  // namespace evenkeel
#endif

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// The largest of a row without NaN. With NaN it may be any of its values, which is good enough for a row that becomes
// NaN.
HWY_INLINE float largestOf(const float* x, size_t n) {
  const Vector least = set(-std::numeric_limits<float>::infinity());
  Vector largest = least;
  eachVector(
      n, [&](size_t i, auto size) VECTOR_CODE { largest = hn::Max(largest, keep(load(x + i, size), least, size)); });
  return hn::GetLane(hn::MaxOfLanes(Floats(), largest));
}

// exp(x - largest) of the vector at i, and 0 in the lanes that lie outside.
template <class Size>
HWY_INLINE DoubleVector exponentialAt(const float* x, size_t i, Size size, double largest) {
  return keepInside(expOf(hn::Sub(widen(x + i, size), setDouble(largest))), size);
}

HWY_INLINE double sumOfExponentials(const float* x, size_t n, double largest) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums)
                       VECTOR_CODE { sums[0] = hn::Add(sums[0], exponentialAt(x, i, size, largest)); };
  return reduceInDouble<1>(n, add)[0];
}

void softmaxRow(float* y, const float* x, size_t n) {
  const double largest = largestOf(x, n);
  const DoubleVector sum = setDouble(sumOfExponentials(x, n, largest));
  eachDoubleVector(n, [&](size_t i, auto size)
                          VECTOR_CODE { storeRounded(hn::Div(exponentialAt(x, i, size, largest), sum), y + i, size); });
}

void softmaxGradientRow(float* dx, const float* dy, const float* y, size_t n) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector v = widen(y + i, size);
    sums[0] = hn::MulAdd(widen(dy + i, size), v, sums[0]);
    sums[1] = hn::Add(sums[1], v);
  };
  const auto [weighted, total] = reduceInDouble<2>(n, add);
  const DoubleVector mean = setDouble(total == 0 ? 0 : weighted / total);
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    storeRounded(hn::Mul(hn::Sub(widen(dy + i, size), mean), widen(y + i, size)), dx + i, size);
  });
}

void logSoftmaxRow(float* y, const float* x, size_t n) {
  const double largest = largestOf(x, n);
  const DoubleVector logSum = setDouble(std::log(sumOfExponentials(x, n, largest)));
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    storeRounded(hn::Sub(hn::Sub(widen(x + i, size), setDouble(largest)), logSum), y + i, size);
  });
}

void logSoftmaxGradientRow(float* dx, const float* dy, const float* x, size_t n) {
  const double largest = largestOf(x, n);
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    sums[0] = hn::Add(sums[0], exponentialAt(x, i, size, largest));
    sums[1] = hn::Add(sums[1], widen(dy + i, size));
  };
  const auto [exponentials, total] = reduceInDouble<2>(n, add);
  const DoubleVector scale = setDouble(total / exponentials);
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector v = hn::NegMulAdd(exponentialAt(x, i, size, largest), scale, widen(dy + i, size));
    storeRounded(v, dx + i, size);
  });
}

// Two sums over a row, with d = x - largest: of exp(d), and of -d by weight.
struct RowSums {
  double exponentials;
  double weightedDepth;
};

HWY_INLINE RowSums sumRow(const float* x, const float* weight, bool smooth, size_t n, double largest) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    sums[0] = hn::Add(sums[0], exponentialAt(x, i, size, largest));
    if (!smooth) return;
    const DoubleVector d = hn::Sub(widen(x + i, size), setDouble(largest));
    const DoubleVector w = weight ? widen(weight + i, size) : keepInside(setDouble(1), size);
    const DoubleVector term = hn::IfThenElse(hn::Eq(w, zeroDouble()), zeroDouble(), hn::Mul(w, d));
    sums[1] = hn::Sub(sums[1], term);
  };
  const auto [exponentials, weightedDepth] = reduceInDouble<2>(n, add);
  return {exponentials, weightedDepth};
}

double crossEntropyRow(float* dx, const float* x, size_t target, size_t n, const Smoothing& smoothing) {
  const bool smooth = smoothing.toAll != 0;
  const double largest = largestOf(x, n);
  const RowSums sums = sumRow(x, smoothing.weight, smooth, n, largest);
  const double logSum = std::log(sums.exponentials);
  const double targetWeight = smoothing.weight ? static_cast<double>(smoothing.weight[target]) : 1.0;
  const double qTarget = smoothing.toTarget * targetWeight;

  double loss = 0;
  if (qTarget != 0) loss = qTarget * (largest - static_cast<double>(x[target]) + logSum);
  if (smooth) loss += smoothing.toAll * (sums.weightedDepth + smoothing.weightSum * logSum);

  if (dx) {
    const double qSum = qTarget + smoothing.toAll * smoothing.weightSum;
    const DoubleVector scale = setDouble(qSum / sums.exponentials);
    const DoubleVector toAll = setDouble(smoothing.toAll);
    eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
      const DoubleVector q = smoothing.weight ? hn::Mul(toAll, widen(smoothing.weight + i, size)) : toAll;
      storeRounded(hn::MulSub(exponentialAt(x, i, size, largest), scale, q), dx + i, size);
    });
    const double exponential = hn::GetLane(exponentialAt(x, target, Part{1}, largest));
    const double q = qTarget + smoothing.toAll * targetWeight;
    dx[target] = static_cast<float>(exponential * (qSum / sums.exponentials) - q);
  }
  return loss;
}

double weightSumOf(In weight) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums)
                       VECTOR_CODE { sums[0] = hn::Add(sums[0], widen(weight.data() + i, size)); };
  return reduceInDouble<1>(weight.size(), add)[0];
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(softmaxRow);
HWY_EXPORT(softmaxGradientRow);
HWY_EXPORT(logSoftmaxRow);
HWY_EXPORT(logSoftmaxGradientRow);
HWY_EXPORT(crossEntropyRow);
HWY_EXPORT(weightSumOf);

// Calls kernel(y, x..., cols) with the rows of matrices of one shape.
template <class Kernel, class... Inputs>
void eachRow(const Kernel& kernel, size_t rows, size_t cols, Out y, Inputs... x) {
  if (cols == 0) return;
  parallelRows(rows, cols, [&](size_t begin, size_t end) {
    for (size_t i = begin * cols; i < end * cols; i += cols) kernel(y.data() + i, (x.data() + i)..., cols);
  });
}

}  // namespace

void softmaxForward(Out y, In x, size_t rows, size_t cols) {
  const Checks checks("softmaxForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(softmaxRow), rows, cols, y, x);
}

void safeSoftmaxForward(Out y, In x, size_t rows, size_t cols) {
  const Checks checks("safeSoftmaxForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  if (cols == 0) return;
  for (size_t i = 0; i < y.size(); i += cols) {
    const In row = x.subspan(i, cols);
    if (std::all_of(row.begin(), row.end(), [](float v) { return v == -std::numeric_limits<float>::infinity(); })) {
      std::fill_n(y.data() + i, cols, 0.0f);
    } else {
      HWY_DYNAMIC_DISPATCH(softmaxRow)(y.data() + i, row.data(), cols);
    }
  }
}

void softmaxBackward(Out dx, In dy, In y, size_t rows, size_t cols) {
  const Checks checks("softmaxBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(softmaxGradientRow), rows, cols, dx, dy, y);
}

void logSoftmaxForward(Out y, In x, size_t rows, size_t cols) {
  const Checks checks("logSoftmaxForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(logSoftmaxRow), rows, cols, y, x);
}

void logSoftmaxBackward(Out dx, In dy, In x, size_t rows, size_t cols) {
  const Checks checks("logSoftmaxBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(logSoftmaxGradientRow), rows, cols, dx, dy, x);
}

void softmaxCrossEntropyForward(Out loss, Out rowWeight, OptionalOut dLogits, In logits, InIntegers target,
                                OptionalIn weight, size_t rows, size_t cols, std::int64_t ignoreIndex,
                                double labelSmoothing) {
  const Checks checks("softmaxCrossEntropyForward");
  checks.length("loss", loss, {{"rows", rows}});
  checks.length("rowWeight", rowWeight, {{"rows", rows}});
  checks.length("dLogits", dLogits, {{"rows", rows}, {"cols", cols}});
  checks.length("logits", logits, {{"rows", rows}, {"cols", cols}});
  checks.length("target", target, {{"rows", rows}});
  checks.length("weight", weight, {{"cols", cols}});
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    checks.fail("labelSmoothing is %g, expected 0 to 1", labelSmoothing);
  }
  checkClassIndices(checks, target, cols, ignoreIndex);

  const Smoothing smoothing{
      .weight = weight ? weight->data() : nullptr,
      .weightSum = weight ? HWY_DYNAMIC_DISPATCH(weightSumOf)(*weight) : static_cast<double>(cols),
      .toAll = labelSmoothing / static_cast<double>(cols),
      .toTarget = 1 - labelSmoothing,
  };
  for (size_t r = 0; r < rows; ++r) {
    float* dRow = dLogits ? dLogits->data() + r * cols : nullptr;
    const std::int32_t t = target[r];
    if (t == ignoreIndex) {
      loss[r] = rowWeight[r] = 0;
      if (dRow) std::fill_n(dRow, cols, 0.0f);
      continue;
    }
    const size_t index = checkClassIndex(checks, r, t, cols, ignoreIndex);
    rowWeight[r] = weight ? (*weight)[index] : 1.0f;
    loss[r] = static_cast<float>(
        HWY_DYNAMIC_DISPATCH(crossEntropyRow)(dRow, logits.data() + r * cols, index, cols, smoothing));
  }
}

void softmaxCrossEntropyBackward(Out dx, In dLogits, In scale, InIntegers target, size_t rows, size_t cols,
                                 std::int64_t ignoreIndex) {
  const Checks checks("softmaxCrossEntropyBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dLogits", dLogits, {{"rows", rows}, {"cols", cols}});
  checks.length("target", target, {{"rows", rows}});
  if (scale.size() != 1) checks.length("scale", scale, {{"rows", rows}});
  if (cols == 0) return;

  for (size_t r = 0; r < rows; ++r) {
    const bool ignored = target[r] == ignoreIndex;
    const float rowScale = scale[scale.size() == 1 ? 0 : r];
    for (size_t i = r * cols; i < (r + 1) * cols; ++i) dx[i] = ignored ? 0.0f : dLogits[i] * rowScale;
  }
}

}  // namespace evenkeel
#endif
