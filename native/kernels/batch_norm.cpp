#include "kernels/batch_norm.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/batch_norm.cpp"
#include "hwy/foreach_target.h"
#include "kernels/channels-inl.h"

#ifndef EVENKEEL_KERNELS_BATCH_NORM_TARGETS_
#define EVENKEEL_KERNELS_BATCH_NORM_TARGETS_
namespace evenkeel {
namespace {

// The sizes of a (outer, channels, inner) array.
struct Sizes {
  size_t outer;
  size_t channels;
  size_t inner;

  // How many elements a channel has.
  double count() const { return static_cast<double>(outer) * static_cast<double>(inner); }
};

struct Forward {
  Out y;
  OutDoubles mean;
  OutDoubles rstd;
  In x;
  OptionalIn weight;
  OptionalIn bias;
};

struct Backward {
  OptionalOut dx;
  OptionalOut dWeight;
  OptionalOut dBias;
  In dy;
  In x;
  OptionalIn weight;
  InDoubles mean;
  InDoubles rstd;
};

}  // namespace
}  // namespace evenkeel
#endif

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

HWY_INLINE ChannelBlock blockOf(const Sizes& sizes, size_t first) {
  const auto [outer, channels, inner] = sizes;
  return {first * inner, outer, channels * inner, std::min(kStrip, channels - first), inner};
}

// The mean and the biased variance of each channel. The variance takes a second pass: E[x^2] - E[x]^2 cancels.
void statistics(OutDoubles mean, OutDoubles variance, In x, Sizes sizes) {
  const double n = sizes.count();
  for (size_t first = 0; first < sizes.channels; first += kStrip) {
    const ChannelBlock block = blockOf(sizes, first);
    const auto add = [&](size_t i, auto /*channels*/, auto size, DoubleVector* sums)
                         VECTOR_CODE { sums[0] = hn::Add(sums[0], widen(x.data() + i, size)); };
    Strip means = reduceChannels<1>(block, add)[0];
    for (size_t c = 0; c < block.channels; ++c) means[c] /= n;
    const auto addSquares = [&](size_t i, auto channels, auto size, DoubleVector* sums) VECTOR_CODE {
      const DoubleVector d = keepInside(hn::Sub(widen(x.data() + i, size), channels.of(means)), size);
      sums[0] = hn::MulAdd(d, d, sums[0]);
    };
    const Strip squares = reduceChannels<1>(block, addSquares)[0];
    for (size_t c = 0; c < block.channels; ++c) {
      mean[first + c] = means[c];
      variance[first + c] = squares[c] / n;
    }
  }
}

void normalize(const Forward& forward, Sizes sizes) {
  for (size_t first = 0; first < sizes.channels; first += kStrip) {
    const ChannelBlock block = blockOf(sizes, first);
    Strip mean{}, scale{}, shift{};
    for (size_t c = 0; c < block.channels; ++c) {
      mean[c] = forward.mean[first + c];
      scale[c] = forward.rstd[first + c] * valueOf(forward.weight, first + c, 1);
      shift[c] = valueOf(forward.bias, first + c, 0);
    }
    eachElement(block, [&](size_t i, auto channels, auto size) VECTOR_CODE {
      const DoubleVector d = hn::Sub(widen(forward.x.data() + i, size), channels.of(mean));
      storeRounded(hn::MulAdd(d, channels.of(scale), channels.of(shift)), forward.y.data() + i, size);
    });
  }
}

// a - b, or zero if that is no more than what rounding may have left of equal numbers.
HWY_INLINE DoubleVector difference(DoubleVector a, DoubleVector b) {
  const DoubleVector left = hn::Sub(a, b);
  return hn::IfThenZeroElse(hn::Le(hn::Abs(left), hn::Mul(hn::Abs(a), setDouble(0x1p-50))), left);
}

// dx = scale * (dy - meanDy - slope * (x - mean))
HWY_INLINE void inputGradient(const Backward& backward, const ChannelBlock& block, const Strip& scale,
                              const Strip& meanDy, const Strip& slope, const Strip& mean) {
  eachElement(block, [&](size_t i, auto channels, auto size) VECTOR_CODE {
    const DoubleVector d = hn::Sub(widen(backward.x.data() + i, size), channels.of(mean));
    const DoubleVector centred = hn::Sub(widen(backward.dy.data() + i, size), channels.of(meanDy));
    const DoubleVector dx = hn::Mul(channels.of(scale), difference(centred, hn::Mul(d, channels.of(slope))));
    storeRounded(dx, backward.dx->data() + i, size);
  });
}

// The same where mean and rstd are constants: dx = scale * dy.
HWY_INLINE void inputGradient(const Backward& backward, const ChannelBlock& block, const Strip& scale) {
  eachElement(block, [&](size_t i, auto channels, auto size) VECTOR_CODE {
    storeRounded(hn::Mul(widen(backward.dy.data() + i, size), channels.of(scale)), backward.dx->data() + i, size);
  });
}

void gradients(const Backward& backward, Sizes sizes, bool training) {
  const double n = sizes.count();
  for (size_t first = 0; first < sizes.channels; first += kStrip) {
    const ChannelBlock block = blockOf(sizes, first);
    Strip mean{}, scale{}, meanDy{}, slope{};
    for (size_t c = 0; c < block.channels; ++c) mean[c] = backward.mean[first + c];
    // The sums of dy and of dy * (x - mean).
    const auto add = [&](size_t i, auto channels, auto size, DoubleVector* sums) VECTOR_CODE {
      const DoubleVector dy = widen(backward.dy.data() + i, size);
      const DoubleVector d = keepInside(hn::Sub(widen(backward.x.data() + i, size), channels.of(mean)), size);
      sums[0] = hn::Add(sums[0], dy);
      sums[1] = hn::MulAdd(dy, d, sums[1]);
    };
    const std::array<Strip, 2> sums = reduceChannels<2>(block, add);
    for (size_t c = 0; c < block.channels; ++c) {
      const double rstd = backward.rstd[first + c];
      scale[c] = rstd * valueOf(backward.weight, first + c, 1);
      meanDy[c] = sums[0][c] / n;
      slope[c] = rstd * rstd * sums[1][c] / n;
      if (backward.dWeight) (*backward.dWeight)[first + c] = static_cast<float>(rstd * sums[1][c]);
      if (backward.dBias) (*backward.dBias)[first + c] = static_cast<float>(sums[0][c]);
    }
    if (!backward.dx) continue;
    if (training) {
      inputGradient(backward, block, scale, meanDy, slope, mean);
    } else {
      inputGradient(backward, block, scale);
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(statistics);
HWY_EXPORT(normalize);
HWY_EXPORT(gradients);

void follow(const OptionalOut& running, size_t c, double momentum, double batch) {
  if (!running) return;
  const double before = static_cast<double>((*running)[c]);
  (*running)[c] = static_cast<float>((1 - momentum) * before + momentum * batch);
}

}  // namespace

void batchNormForward(Out y, OutDoubles mean, OutDoubles rstd, OptionalOut runningMean, OptionalOut runningVar, In x,
                      OptionalIn weight, OptionalIn bias, InDoubles momentum, size_t outer, size_t channels,
                      size_t inner, double eps, bool training) {
  const Checks checks("batchNormForward");
  checks.length("y", y, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("mean", mean, {{"channels", channels}});
  checks.length("rstd", rstd, {{"channels", channels}});
  checks.length("runningMean", runningMean, {{"channels", channels}});
  checks.length("runningVar", runningVar, {{"channels", channels}});
  checks.length("x", x, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("weight", weight, {{"channels", channels}});
  checks.length("bias", bias, {{"channels", channels}});
  checks.length("momentum", momentum, {});
  if (!training && !(runningMean && runningVar)) checks.fail("the running statistics are absent outside of training");
  const Sizes sizes{outer, channels, inner};
  const double n = sizes.count();
  if (training && n == 0) {
    std::fill(mean.begin(), mean.end(), 0.0);
    std::fill(rstd.begin(), rstd.end(), std::nan(""));
    return;
  }
  // Until it is turned into 1 / sqrt(var + eps), the variance stands in rstd.
  if (training) HWY_DYNAMIC_DISPATCH(statistics)(mean, rstd, x, sizes);
  for (size_t c = 0; c < channels; ++c) {
    if (training) {
      follow(runningMean, c, momentum[0], mean[c]);
      follow(runningVar, c, momentum[0], rstd[c] * n / (n - 1));
    } else {
      mean[c] = valueOf(runningMean, c, 0);
      rstd[c] = valueOf(runningVar, c, 1);
    }
    rstd[c] = 1 / std::sqrt(rstd[c] + eps);
  }
  HWY_DYNAMIC_DISPATCH(normalize)({y, mean, rstd, x, weight, bias}, sizes);
}

void batchNormBackward(OptionalOut dx, OptionalOut dWeight, OptionalOut dBias, In dy, In x, OptionalIn weight,
                       InDoubles mean, InDoubles rstd, size_t outer, size_t channels, size_t inner, bool training) {
  const Checks checks("batchNormBackward");
  checks.length("dx", dx, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("dWeight", dWeight, {{"channels", channels}});
  checks.length("dBias", dBias, {{"channels", channels}});
  checks.length("dy", dy, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("x", x, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("weight", weight, {{"channels", channels}});
  checks.length("mean", mean, {{"channels", channels}});
  checks.length("rstd", rstd, {{"channels", channels}});
  const Sizes sizes{outer, channels, inner};
  if (sizes.count() == 0) {
    if (dWeight) std::fill(dWeight->begin(), dWeight->end(), 0.0f);
    if (dBias) std::fill(dBias->begin(), dBias->end(), 0.0f);
    return;
  }
  HWY_DYNAMIC_DISPATCH(gradients)({dx, dWeight, dBias, dy, x, weight, mean, rstd}, sizes, training);
}

}  // namespace evenkeel
#endif
