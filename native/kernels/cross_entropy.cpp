#include "kernels/cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/class_index.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cross_entropy.cpp"
#include "hwy/foreach_target.h"
#include "kernels/softmax-inl.h"

#ifndef EVENKEEL_KERNELS_CROSS_ENTROPY_TARGETS_
#define EVENKEEL_KERNELS_CROSS_ENTROPY_TARGETS_
namespace evenkeel {
namespace {

// The distribution that rows of one target class are held against, less what depends on the row.
struct Smoothing {
  const float* weight;  // null: ones
  double weightSum;
  double toAll;     // labelSmoothing / cols
  double toTarget;  // 1 - labelSmoothing

  double weightOf(size_t c) const { return weight ? static_cast<double>(weight[c]) : 1.0; }
};

// The loss of a row, and the sum of its exponentials.
struct RowLoss {
  double loss;
  double exponentials;
};

}  // namespace
}  // namespace evenkeel
#endif

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// Two sums over a row, with d = x - largest: of exp(d), and of -d by weight.
HWY_INLINE std::array<double, 2> sumRow(const float* x, const Smoothing& smoothing, size_t n, double largest) {
  const float* weight = smoothing.weight;
  return reduceInDouble<2>(n, [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    sums[0] = hn::Add(sums[0], exponentialAt(x, i, size, largest));
    if (smoothing.toAll == 0) return;
    const DoubleVector d = hn::Sub(widen(x + i, size), setDouble(largest));
    const DoubleVector w = weight ? widen(weight + i, size) : keepInside(setDouble(1), size);
    const DoubleVector term = hn::IfThenElse(hn::Eq(w, zeroDouble()), zeroDouble(), hn::Mul(w, d));
    sums[1] = hn::Sub(sums[1], term);
  });
}

RowLoss lossOfRow(const float* x, size_t target, size_t n, const Smoothing& smoothing) {
  const double largest = largestOf(x, n);
  const auto [exponentials, weightedDepth] = sumRow(x, smoothing, n, largest);
  const double logSum = std::log(exponentials);
  const double qTarget = smoothing.toTarget * smoothing.weightOf(target);

  double loss = 0;
  if (qTarget != 0) loss = qTarget * (largest - static_cast<double>(x[target]) + logSum);
  if (smoothing.toAll != 0) loss += smoothing.toAll * (weightedDepth + smoothing.weightSum * logSum);
  return {loss, exponentials};
}

void gradientOfRow(float* dx, const float* x, double exponentials, double scale, size_t target, size_t n,
                   const Smoothing& smoothing) {
  const float* weight = smoothing.weight;
  const double largest = largestOf(x, n);
  const double qTarget = smoothing.toTarget * smoothing.weightOf(target);
  const double toSoftmax = (qTarget + smoothing.toAll * smoothing.weightSum) / exponentials;
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector toAll = setDouble(smoothing.toAll);
    const DoubleVector q = weight ? hn::Mul(toAll, widen(weight + i, size)) : toAll;
    const DoubleVector d = hn::MulSub(exponentialAt(x, i, size, largest), setDouble(toSoftmax), q);
    storeRounded(hn::Mul(d, setDouble(scale)), dx + i, size);
  });
  const double exponential = hn::GetLane(exponentialAt(x, target, Part{1}, largest));
  const double q = qTarget + smoothing.toAll * smoothing.weightOf(target);
  dx[target] = static_cast<float>((exponential * toSoftmax - q) * scale);
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
HWY_EXPORT(lossOfRow);
HWY_EXPORT(gradientOfRow);
HWY_EXPORT(weightSumOf);

Smoothing smoothingOf(const Checks& checks, OptionalIn weight, size_t cols, double labelSmoothing) {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    checks.fail("labelSmoothing is %g, expected 0 to 1", labelSmoothing);
  }
  return {
      .weight = weight ? weight->data() : nullptr,
      .weightSum = weight ? HWY_DYNAMIC_DISPATCH(weightSumOf)(*weight) : static_cast<double>(cols),
      .toAll = labelSmoothing / static_cast<double>(cols),
      .toTarget = 1 - labelSmoothing,
  };
}

}  // namespace

void softmaxCrossEntropyForward(OptionalOut losses, OutDoubles totals, OutDoubles exponentials, In logits,
                                InIntegers target, OptionalIn weight, size_t rows, size_t cols,
                                std::int64_t ignoreIndex, double labelSmoothing) {
  const Checks checks("softmaxCrossEntropyForward");
  checks.length("losses", losses, {{"rows", rows}});
  checks.length("totals", totals, {{nullptr, 2}});
  checks.length("exponentials", exponentials, {{"rows", rows}});
  checks.length("logits", logits, {{"rows", rows}, {"cols", cols}});
  checks.length("target", target, {{"rows", rows}});
  checks.length("weight", weight, {{"cols", cols}});
  const Smoothing smoothing = smoothingOf(checks, weight, cols, labelSmoothing);
  checkClassIndices(checks, target, cols, ignoreIndex);

  double total = 0, totalWeight = 0;
  for (size_t r = 0; r < rows; ++r) {
    const std::int32_t t = target[r];
    if (t == ignoreIndex) {
      exponentials[r] = 0;
      if (losses) (*losses)[r] = 0;
      continue;
    }
    const size_t index = checkClassIndex(checks, r, t, cols, ignoreIndex);
    const RowLoss row = HWY_DYNAMIC_DISPATCH(lossOfRow)(logits.data() + r * cols, index, cols, smoothing);
    exponentials[r] = row.exponentials;
    if (losses) (*losses)[r] = static_cast<float>(row.loss);
    total += row.loss;
    totalWeight += smoothing.weightOf(index);
  }
  totals[0] = total;
  // PyTorch divides the loss of the targets and that of all classes each: 0 / 0, where no target has a weight, is NaN.
  const bool isWeightless = totalWeight == 0 && total != 0 && labelSmoothing > 0;
  totals[1] = isWeightless ? std::numeric_limits<double>::quiet_NaN() : totalWeight;
}

void softmaxCrossEntropyBackward(Out dLogits, InDoubles scale, In logits, InDoubles exponentials, InIntegers target,
                                 OptionalIn weight, size_t rows, size_t cols, std::int64_t ignoreIndex,
                                 double labelSmoothing) {
  const Checks checks("softmaxCrossEntropyBackward");
  checks.length("dLogits", dLogits, {{"rows", rows}, {"cols", cols}});
  if (scale.size() != 1) checks.length("scale", scale, {{"rows", rows}});
  checks.length("logits", logits, {{"rows", rows}, {"cols", cols}});
  checks.length("exponentials", exponentials, {{"rows", rows}});
  checks.length("target", target, {{"rows", rows}});
  checks.length("weight", weight, {{"cols", cols}});
  const Smoothing smoothing = smoothingOf(checks, weight, cols, labelSmoothing);
  checkClassIndices(checks, target, cols, ignoreIndex);

  for (size_t r = 0; r < rows; ++r) {
    float* dRow = dLogits.data() + r * cols;
    const std::int32_t t = target[r];
    if (t == ignoreIndex) {
      std::fill_n(dRow, cols, 0.0f);
      continue;
    }
    const size_t index = checkClassIndex(checks, r, t, cols, ignoreIndex);
    const double rowScale = scale[scale.size() == 1 ? 0 : r];
    HWY_DYNAMIC_DISPATCH(gradientOfRow)
    (dRow, logits.data() + r * cols, exponentials[r], rowScale, index, cols, smoothing);
  }
}

}  // namespace evenkeel
#endif
