#include "kernels/soft_target_cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "kernels/scratch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/soft_target_cross_entropy.cpp"
#include "hwy/foreach_target.h"
#include "kernels/softmax-inl.h"

#ifndef EVENKEEL_KERNELS_SOFT_TARGET_CROSS_ENTROPY_TARGETS_
#define EVENKEEL_KERNELS_SOFT_TARGET_CROSS_ENTROPY_TARGETS_
namespace evenkeel {
namespace {

// What all rows share.
struct SoftTargets {
  const float* weight;  // null: ones
  double toAll;         // labelSmoothing / cols
  double toTarget;      // 1 - labelSmoothing
};

struct SoftTargetRow {
  const float* x;
  const float* target;
  double exponentials;
  double scale;
};

// Those of a row; null where absent. dWeight has a vector of room behind the row.
struct SoftTargetGradients {
  float* dLogits;
  float* dTarget;
  double* dWeight;
};

}  // namespace
}  // namespace evenkeel
#endif

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

template <class Size>
HWY_INLINE DoubleVector smoothedAt(const float* target, size_t i, Size size, const SoftTargets& soft) {
  return hn::MulAdd(setDouble(soft.toTarget), widen(target + i, size), setDouble(soft.toAll));
}

template <class Size>
HWY_INLINE DoubleVector weighted(DoubleVector v, size_t i, Size size, const SoftTargets& soft) {
  return soft.weight ? hn::Mul(v, widen(soft.weight + i, size)) : v;
}

// log(p) of the vector at i.
template <class Size>
HWY_INLINE DoubleVector logAt(const float* x, size_t i, Size size, double largest, double logSum) {
  return hn::Sub(hn::Sub(widen(x + i, size), setDouble(largest)), setDouble(logSum));
}

double lossOfSoftRow(double* exponentials, const float* x, const float* target, size_t n, const SoftTargets& soft) {
  const double largest = largestOf(x, n);
  *exponentials = sumOfExponentials(x, n, largest);
  const double logSum = std::log(*exponentials);
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector q = weighted(smoothedAt(target, i, size, soft), i, size, soft);
    sums[0] = hn::Add(sums[0], keepInside(hn::Mul(q, logAt(x, i, size, largest, logSum)), size));
  };
  return -reduceInDouble<1>(n, add)[0];
}

HWY_INLINE double sumOfWeighted(const float* target, size_t n, const SoftTargets& soft) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector q = weighted(smoothedAt(target, i, size, soft), i, size, soft);
    sums[0] = hn::Add(sums[0], keepInside(q, size));
  };
  return reduceInDouble<1>(n, add)[0];
}

HWY_INLINE void gradientsOfSoftRow(const SoftTargetGradients& to, const SoftTargetRow& row, size_t n,
                                   const SoftTargets& soft) {
  const double largest = largestOf(row.x, n);
  const double logSum = std::log(row.exponentials);
  const double toSoftmax = to.dLogits ? sumOfWeighted(row.target, n, soft) / row.exponentials : 0;
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector scale = setDouble(row.scale);
    const DoubleVector q = smoothedAt(row.target, i, size, soft);
    const DoubleVector scaledLog = hn::Mul(logAt(row.x, i, size, largest, logSum), scale);
    if (to.dLogits) {
      const DoubleVector exponential = exponentialAt(row.x, i, size, largest);
      const DoubleVector d = hn::MulSub(exponential, setDouble(toSoftmax), weighted(q, i, size, soft));
      storeRounded(hn::Mul(d, scale), to.dLogits + i, size);
    }
    if (to.dTarget) {
      const DoubleVector d = hn::Mul(setDouble(-soft.toTarget), scaledLog);
      storeRounded(weighted(d, i, size, soft), to.dTarget + i, size);
    }
    if (to.dWeight) {
      const DoubleVector sum = hn::LoadU(Doubles(), to.dWeight + i);
      hn::StoreU(hn::NegMulAdd(q, scaledLog, sum), Doubles(), to.dWeight + i);
    }
  });
}

void gradientsOfSoftRows(OptionalOut dLogits, OptionalOut dTarget, OptionalOut dWeight, InDoubles scale, In logits,
                         InDoubles exponentials, In target, const SoftTargets& soft, size_t cols) {
  Scratch<double> sums(dWeight ? cols + doubleLanes() : 0);
  for (size_t r = 0; r < exponentials.size(); ++r) {
    const size_t start = r * cols;
    const SoftTargetRow row{.x = logits.data() + start,
                            .target = target.data() + start,
                            .exponentials = exponentials[r],
                            .scale = scale[scale.size() == 1 ? 0 : r]};
    const SoftTargetGradients to{.dLogits = dLogits ? dLogits->data() + start : nullptr,
                                 .dTarget = dTarget ? dTarget->data() + start : nullptr,
                                 .dWeight = dWeight ? sums.data() : nullptr};
    gradientsOfSoftRow(to, row, cols, soft);
  }
  for (size_t c = 0; dWeight && c < cols; ++c) (*dWeight)[c] = static_cast<float>(sums[c]);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(lossOfSoftRow);
HWY_EXPORT(gradientsOfSoftRows);

SoftTargets softTargetsOf(const Checks& checks, OptionalIn weight, size_t cols, double labelSmoothing) {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    checks.fail("labelSmoothing is %g, expected 0 to 1", labelSmoothing);
  }
  return {.weight = weight ? weight->data() : nullptr,
          .toAll = labelSmoothing / static_cast<double>(cols),
          .toTarget = 1 - labelSmoothing};
}

}  // namespace

void softTargetCrossEntropyForward(OptionalOut losses, OutDoubles totals, OutDoubles exponentials, In logits, In target,
                                   OptionalIn weight, size_t rows, size_t cols, double labelSmoothing) {
  const Checks checks("softTargetCrossEntropyForward");
  checks.length("losses", losses, {{"rows", rows}});
  checks.length("totals", totals, {{nullptr, 2}});
  checks.length("exponentials", exponentials, {{"rows", rows}});
  checks.length("logits", logits, {{"rows", rows}, {"cols", cols}});
  checks.length("target", target, {{"rows", rows}, {"cols", cols}});
  checks.length("weight", weight, {{"cols", cols}});
  const SoftTargets soft = softTargetsOf(checks, weight, cols, labelSmoothing);

  double total = -0.0;
  for (size_t r = 0; r < rows; ++r) {
    const size_t start = r * cols;
    const double loss =
        HWY_DYNAMIC_DISPATCH(lossOfSoftRow)(&exponentials[r], logits.data() + start, target.data() + start, cols, soft);
    if (losses) (*losses)[r] = static_cast<float>(loss);
    total += loss;
  }
  totals[0] = total;
  totals[1] = cols == 0 ? 0 : static_cast<double>(rows);
}

void softTargetCrossEntropyBackward(OptionalOut dLogits, OptionalOut dTarget, OptionalOut dWeight, InDoubles scale,
                                    In logits, InDoubles exponentials, In target, OptionalIn weight, size_t rows,
                                    size_t cols, double labelSmoothing) {
  const Checks checks("softTargetCrossEntropyBackward");
  checks.length("dLogits", dLogits, {{"rows", rows}, {"cols", cols}});
  checks.length("dTarget", dTarget, {{"rows", rows}, {"cols", cols}});
  checks.length("dWeight", dWeight, {{"cols", cols}});
  if (scale.size() != 1) checks.length("scale", scale, {{"rows", rows}});
  checks.length("logits", logits, {{"rows", rows}, {"cols", cols}});
  checks.length("exponentials", exponentials, {{"rows", rows}});
  checks.length("target", target, {{"rows", rows}, {"cols", cols}});
  checks.length("weight", weight, {{"cols", cols}});
  const SoftTargets soft = softTargetsOf(checks, weight, cols, labelSmoothing);
  HWY_DYNAMIC_DISPATCH(gradientsOfSoftRows)
  (dLogits, dTarget, dWeight, scale, logits, exponentials, target, soft, cols);
}

}  // namespace evenkeel
#endif
