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

HWY_INLINE double sumOf(const float* x, size_t n) {
  const auto add = [&](size_t i, auto size, Vector* sums)
                       VECTOR_CODE { sums[0] = hn::Add(sums[0], load(x + i, size)); };
  return reduce<1>(n, add)[0];
}

void softmaxRow(float* y, const float* x, size_t n) {
  const float largest = largestOf(x, n);
  const auto addExp = [&](size_t i, auto size, Vector* sums) VECTOR_CODE {
    const Vector exponential = expOf(hn::Sub(load(x + i, size), set(largest)));
    store(exponential, y + i, size);
    sums[0] = hn::Add(sums[0], keep(exponential, zero(), size));
  };
  const Vector sum = set(static_cast<float>(reduce<1>(n, addExp)[0]));
  const auto divide = [&](Vector v) VECTOR_CODE { return hn::Div(v, sum); };
  map(y, n, divide, static_cast<const float*>(y));
}

void softmaxGradientRow(float* dx, const float* dy, const float* y, size_t n) {
  const auto add = [&](size_t i, auto size, Vector* sums)
                       VECTOR_CODE { sums[0] = hn::MulAdd(load(dy + i, size), load(y + i, size), sums[0]); };
  const Vector sum = set(static_cast<float>(reduce<1>(n, add)[0]));
  map(
      dx, n, [&](Vector dv, Vector v) VECTOR_CODE { return hn::Mul(hn::Sub(dv, sum), v); }, dy, y);
}

void logSoftmaxRow(float* y, const float* x, size_t n) {
  const float largest = largestOf(x, n);
  const auto addExp = [&](size_t i, auto size, Vector* sums) VECTOR_CODE {
    sums[0] = hn::Add(sums[0], keep(expOf(hn::Sub(load(x + i, size), set(largest))), zero(), size));
  };
  const Vector logSum = set(static_cast<float>(std::log(reduce<1>(n, addExp)[0])));
  map(
      y, n, [&](Vector v) VECTOR_CODE { return hn::Sub(hn::Sub(v, set(largest)), logSum); }, x);
}

void logSoftmaxGradientRow(float* dx, const float* dy, const float* y, size_t n) {
  const Vector sum = set(static_cast<float>(sumOf(dy, n)));
  map(
      dx, n, [&](Vector dv, Vector v) VECTOR_CODE { return hn::NegMulAdd(expOf(v), sum, dv); }, dy, y);
}

// Two sums over a row, with d = x - max(x): of exp(d), and of -d by weight. The exponentials are left in e, if given.
struct RowSums {
  float largest;
  double exponentials;
  double weightedDepth;
};

HWY_INLINE RowSums sumRow(float* e, const float* x, const float* weight, bool smooth, size_t n) {
  const float largest = largestOf(x, n);
  const auto add = [&](size_t i, auto size, Vector* sums) VECTOR_CODE {
    const Vector d = hn::Sub(load(x + i, size), set(largest));
    const Vector exponential = expOf(d);
    if (e) store(exponential, e + i, size);
    sums[0] = hn::Add(sums[0], keep(exponential, zero(), size));
    if (smooth) {
      const Vector w = weight ? load(weight + i, size) : keep(set(1), zero(), size);
      const Vector term = hn::IfThenElse(hn::Eq(w, zero()), zero(), hn::Mul(w, d));
      sums[1] = hn::Sub(sums[1], term);
    }
  };
  const auto [exponentials, weightedDepth] = reduce<2>(n, add);
  return {largest, exponentials, weightedDepth};
}

float crossEntropyRow(float* dx, const float* x, size_t target, size_t n, const Smoothing& smoothing) {
  const bool smooth = smoothing.toAll != 0;
  const RowSums sums = sumRow(dx, x, smoothing.weight, smooth, n);
  const double logSum = std::log(sums.exponentials);
  const double targetWeight = smoothing.weight ? static_cast<double>(smoothing.weight[target]) : 1.0;
  const double qTarget = smoothing.toTarget * targetWeight;

  double loss = 0;
  if (qTarget != 0) {
    loss = qTarget * (static_cast<double>(sums.largest) - static_cast<double>(x[target]) + logSum);
  }
  if (smooth) loss += smoothing.toAll * (sums.weightedDepth + smoothing.weightSum * logSum);

  if (dx) {
    const double qSum = qTarget + smoothing.toAll * smoothing.weightSum;
    const Vector scale = set(static_cast<float>(qSum / sums.exponentials));
    const Vector toAll = set(static_cast<float>(smoothing.toAll));
    eachVector(n, [&](size_t i, auto size) VECTOR_CODE {
      const Vector q = smoothing.weight ? hn::Mul(toAll, load(smoothing.weight + i, size)) : toAll;
      store(hn::MulSub(load(dx + i, size), scale, q), dx + i, size);
    });
    dx[target] -= static_cast<float>(qTarget);
  }
  return static_cast<float>(loss);
}

double weightSumOf(In weight) { return sumOf(weight.data(), weight.size()); }

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

void logSoftmaxBackward(Out dx, In dy, In y, size_t rows, size_t cols) {
  const Checks checks("logSoftmaxBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(logSoftmaxGradientRow), rows, cols, dx, dy, y);
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
    loss[r] = HWY_DYNAMIC_DISPATCH(crossEntropyRow)(dRow, logits.data() + r * cols, index, cols, smoothing);
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
