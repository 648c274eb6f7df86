#include "kernels/group_norm.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/group_norm.cpp"
#include "hwy/foreach_target.h"
#include "kernels/channels-inl.h"

#ifndef EVENKEEL_KERNELS_GROUP_NORM_TARGETS_
#define EVENKEEL_KERNELS_GROUP_NORM_TARGETS_
namespace evenkeel {
namespace {

// The sizes of a (outer, groups * width, inner) array: `width` channels make a group.
struct GroupedSizes {
  size_t outer;
  size_t groups;
  size_t width;
  size_t inner;

  // How many elements a group has.
  size_t count() const { return width * inner; }
};

struct GroupForward {
  Out y;
  OutDoubles mean;
  OutDoubles rstd;
  In x;
  OptionalIn weight;
  OptionalIn bias;
};

struct GroupBackward {
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

// The channels of one group in one sample, from `first` on, kStrip at most.
HWY_INLINE ChannelBlock blockOf(const GroupedSizes& sizes, size_t group, size_t first) {
  const size_t start = group * sizes.count() + first * sizes.inner;
  return {start, 1, 0, std::min(kStrip, sizes.width - first), sizes.inner};
}

HWY_INLINE double meanOf(const float* x, size_t n) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums)
                       VECTOR_CODE { sums[0] = hn::Add(sums[0], widen(x + i, size)); };
  return n == 0 ? 0 : reduceInDouble<1>(n, add)[0] / static_cast<double>(n);
}

HWY_INLINE double varianceOf(const float* x, double mean, size_t n) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector d = keepInside(hn::Sub(widen(x + i, size), setDouble(mean)), size);
    sums[0] = hn::MulAdd(d, d, sums[0]);
  };
  return reduceInDouble<1>(n, add)[0] / static_cast<double>(n);
}

// The group has its mean and rstd by then.
HWY_INLINE void normalizeGroup(const GroupForward& forward, const GroupedSizes& sizes, size_t group) {
  const DoubleVector mean = setDouble(forward.mean[group]);
  for (size_t first = 0; first < sizes.width; first += kStrip) {
    const ChannelBlock block = blockOf(sizes, group, first);
    const size_t channel = group % sizes.groups * sizes.width + first;
    Strip scale{}, shift{};
    for (size_t c = 0; c < block.channels; ++c) {
      scale[c] = forward.rstd[group] * valueOf(forward.weight, channel + c, 1);
      shift[c] = valueOf(forward.bias, channel + c, 0);
    }
    eachElement(block, [&](size_t i, auto channels, auto size) VECTOR_CODE {
      const DoubleVector d = hn::Sub(widen(forward.x.data() + i, size), mean);
      storeRounded(hn::MulAdd(d, channels.of(scale), channels.of(shift)), forward.y.data() + i, size);
    });
  }
}

void normalizeGroups(const GroupForward& forward, GroupedSizes sizes, double eps) {
  for (size_t group = 0; group < sizes.outer * sizes.groups; ++group) {
    const float* x = forward.x.data() + group * sizes.count();
    const double mean = meanOf(x, sizes.count());
    forward.mean[group] = mean;
    forward.rstd[group] = 1 / std::sqrt(varianceOf(x, mean, sizes.count()) + eps);
    normalizeGroup(forward, sizes, group);
  }
}

// For each channel of a block, the sums of dy and of dy * (x - mean).
HWY_INLINE std::array<Strip, 2> gradientSums(const GroupBackward& backward, const ChannelBlock& block, double mean) {
  return reduceChannels<2>(block, [&](size_t i, auto /*channels*/, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector dy = widen(backward.dy.data() + i, size);
    const DoubleVector d = keepInside(hn::Sub(widen(backward.x.data() + i, size), setDouble(mean)), size);
    sums[0] = hn::Add(sums[0], dy);
    sums[1] = hn::MulAdd(dy, d, sums[1]);
  });
}

struct GradientMeans {
  double g;
  double gTimesXhat;
};

// The means of g = dy * weight and of g * xhat over a group in a sample, whose first channel is `channel`.
HWY_INLINE GradientMeans gradientMeans(const GroupBackward& backward, const GroupedSizes& sizes, size_t group,
                                       size_t channel) {
  double sumG = 0, sumGD = 0;
  for (size_t first = 0; first < sizes.width; first += kStrip) {
    const ChannelBlock block = blockOf(sizes, group, first);
    const std::array<Strip, 2> sums = gradientSums(backward, block, backward.mean[group]);
    for (size_t c = 0; c < block.channels; ++c) {
      const double weight = valueOf(backward.weight, channel + first + c, 1);
      sumG += weight * sums[0][c];
      sumGD += weight * sums[1][c];
    }
  }
  const double n = static_cast<double>(sizes.count());
  return {sumG / n, backward.rstd[group] * sumGD / n};
}

void inputGradient(const GroupBackward& backward, GroupedSizes sizes) {
  for (size_t group = 0; group < sizes.outer * sizes.groups; ++group) {
    const size_t channel = group % sizes.groups * sizes.width;
    const GradientMeans means = gradientMeans(backward, sizes, group, channel);
    const DoubleVector mean = setDouble(backward.mean[group]);
    const DoubleVector rstd = setDouble(backward.rstd[group]);
    const DoubleVector slope = setDouble(backward.rstd[group] * means.gTimesXhat);
    for (size_t first = 0; first < sizes.width; first += kStrip) {
      const ChannelBlock block = blockOf(sizes, group, first);
      Strip weight{};
      for (size_t c = 0; c < block.channels; ++c) weight[c] = valueOf(backward.weight, channel + first + c, 1);
      eachElement(block, [&](size_t i, auto channels, auto size) VECTOR_CODE {
        const DoubleVector d = hn::Sub(widen(backward.x.data() + i, size), mean);
        const DoubleVector dy = widen(backward.dy.data() + i, size);
        const DoubleVector centred = hn::MulSub(dy, channels.of(weight), setDouble(means.g));
        storeRounded(hn::Mul(rstd, hn::NegMulAdd(d, slope, centred)), backward.dx->data() + i, size);
      });
    }
  }
}

void affineGradients(const GroupBackward& backward, GroupedSizes sizes) {
  for (size_t g = 0; g < sizes.groups; ++g) {
    for (size_t first = 0; first < sizes.width; first += kStrip) {
      const size_t width = std::min(kStrip, sizes.width - first);
      const size_t channel = g * sizes.width + first;
      Strip dWeight{}, dBias{};
      for (size_t n = 0; n < sizes.outer; ++n) {
        const size_t group = n * sizes.groups + g;
        const std::array<Strip, 2> sums = gradientSums(backward, blockOf(sizes, group, first), backward.mean[group]);
        for (size_t c = 0; c < width; ++c) dBias[c] += sums[0][c];
        for (size_t c = 0; c < width; ++c) dWeight[c] += backward.rstd[group] * sums[1][c];
      }
      for (size_t c = 0; c < width; ++c) {
        if (backward.dWeight) (*backward.dWeight)[channel + c] = static_cast<float>(dWeight[c]);
        if (backward.dBias) (*backward.dBias)[channel + c] = static_cast<float>(dBias[c]);
      }
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
HWY_EXPORT(normalizeGroups);
HWY_EXPORT(inputGradient);
HWY_EXPORT(affineGradients);

void checkGroups(const Checks& checks, size_t channels, size_t groups) {
  if (groups == 0 || channels % groups != 0) checks.fail("%zu channels make no %zu groups", channels, groups);
}

}  // namespace

void groupNormForward(Out y, OutDoubles mean, OutDoubles rstd, In x, OptionalIn weight, OptionalIn bias, size_t outer,
                      size_t channels, size_t inner, size_t groups, double eps) {
  const Checks checks("groupNormForward");
  checkGroups(checks, channels, groups);
  checks.length("y", y, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("mean", mean, {{"outer", outer}, {"groups", groups}});
  checks.length("rstd", rstd, {{"outer", outer}, {"groups", groups}});
  checks.length("x", x, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("weight", weight, {{"channels", channels}});
  checks.length("bias", bias, {{"channels", channels}});
  const GroupedSizes sizes{outer, groups, channels / groups, inner};
  HWY_DYNAMIC_DISPATCH(normalizeGroups)({y, mean, rstd, x, weight, bias}, sizes, eps);
}

void groupNormBackward(OptionalOut dx, OptionalOut dWeight, OptionalOut dBias, In dy, In x, OptionalIn weight,
                       InDoubles mean, InDoubles rstd, size_t outer, size_t channels, size_t inner, size_t groups) {
  const Checks checks("groupNormBackward");
  checkGroups(checks, channels, groups);
  checks.length("dx", dx, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("dWeight", dWeight, {{"channels", channels}});
  checks.length("dBias", dBias, {{"channels", channels}});
  checks.length("dy", dy, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("x", x, {{"outer", outer}, {"channels", channels}, {"inner", inner}});
  checks.length("weight", weight, {{"channels", channels}});
  checks.length("mean", mean, {{"outer", outer}, {"groups", groups}});
  checks.length("rstd", rstd, {{"outer", outer}, {"groups", groups}});
  const GroupBackward backward{dx, dWeight, dBias, dy, x, weight, mean, rstd};
  const GroupedSizes sizes{outer, groups, channels / groups, inner};
  if (dx) HWY_DYNAMIC_DISPATCH(inputGradient)(backward, sizes);
  if (dWeight || dBias) HWY_DYNAMIC_DISPATCH(affineGradients)(backward, sizes);
}

}  // namespace evenkeel
#endif
