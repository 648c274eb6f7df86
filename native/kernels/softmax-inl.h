// What softmax and cross entropy share: the exponentials of a row, shifted by its largest value.
//
// Compiled once for each instruction set, like vector-inl.h.
#if defined(EVENKEEL_KERNELS_SOFTMAX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EVENKEEL_KERNELS_SOFTMAX_INL_H_
#undef EVENKEEL_KERNELS_SOFTMAX_INL_H_
#else
#define EVENKEEL_KERNELS_SOFTMAX_INL_H_
#endif

#include <limits>

#include "kernels/math-inl.h"

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

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#endif  // EVENKEEL_KERNELS_SOFTMAX_INL_H_
