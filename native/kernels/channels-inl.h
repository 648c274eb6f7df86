// Walks over arrays of channels, in double precision.
//
// Compiled once for each instruction set, like vector-inl.h.
#if defined(EVENKEEL_KERNELS_CHANNELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EVENKEEL_KERNELS_CHANNELS_INL_H_
#undef EVENKEEL_KERNELS_CHANNELS_INL_H_
#else
#define EVENKEEL_KERNELS_CHANNELS_INL_H_
#endif

#include "kernels/channels.h"
#include "kernels/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// Some channels of an array, kStrip at most: element (n, c, i) stands at start + n * stride + c * inner + i.
struct ChannelBlock {
  size_t start;
  size_t outer;
  size_t stride;
  size_t channels;
  size_t inner;
};

// Which channels the lanes of a vector belong to, and so which numbers of a strip go with them.
struct OneEach {
  size_t c;
  HWY_INLINE DoubleVector of(const Strip& strip) const { return hn::LoadU(Doubles(), strip.data() + c); }
};
struct AllOne {
  size_t c;
  HWY_INLINE DoubleVector of(const Strip& strip) const { return setDouble(strip[c]); }
};

// Calls body(at, channels, size) for the vectors that cover the block.
template <class Body>
HWY_INLINE void eachElement(const ChannelBlock& block, const Body& body) {
  for (size_t n = 0; n < block.outer; ++n) {
    const size_t start = block.start + n * block.stride;
    if (block.inner == 1) {
      eachDoubleVector(block.channels, [&](size_t c, auto size) VECTOR_CODE { body(start + c, OneEach{c}, size); });
      continue;
    }
    for (size_t c = 0; c < block.channels; ++c) {
      const size_t row = start + c * block.inner;
      eachDoubleVector(block.inner, [&](size_t i, auto size) VECTOR_CODE { body(row + i, AllOne{c}, size); });
    }
  }
}

// Sums for each channel: step(at, channels, size, sums) adds the terms of the vector at `at` to the vectors in `sums`.
// What it adds for lanes outside of `size` counts too, and should be zero.
template <size_t count, class Step>
HWY_INLINE std::array<Strip, count> reduceChannels(const ChannelBlock& block, const Step& step) {
  if (block.inner == 1) {
    const auto add = [&](size_t n, size_t c, auto size, DoubleVector* sums)
                         VECTOR_CODE { step(block.start + n * block.stride + c, OneEach{c}, size, sums); };
    return reduceColumnsInDouble<count>(block.outer, block.channels, add);
  }
  std::array<Strip, count> totals{};
  for (size_t n = 0; n < block.outer; ++n) {
    for (size_t c = 0; c < block.channels; ++c) {
      const size_t row = block.start + n * block.stride + c * block.inner;
      const auto add = [&](size_t i, auto size, DoubleVector* sums)
                           VECTOR_CODE { step(row + i, AllOne{c}, size, sums); };
      const auto sums = reduceInDouble<count>(block.inner, add);
      for (size_t s = 0; s < count; ++s) totals[s][c] += sums[s];
    }
  }
  return totals;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#endif  // EVENKEEL_KERNELS_CHANNELS_INL_H_
