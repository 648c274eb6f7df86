// The square root as PyTorch has it on processors of AMD.
//
// Compiled once for each instruction set, like vector-inl.h.
#if defined(EVENKEEL_KERNELS_ROOT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EVENKEEL_KERNELS_ROOT_INL_H_
#undef EVENKEEL_KERNELS_ROOT_INL_H_
#else
#define EVENKEEL_KERNELS_ROOT_INL_H_
#endif

#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR

// What the instruction rsqrtps gives: there is none for 512 bits.
HWY_INLINE Vector approximateInverseRoot(Vector v) {
#if HWY_TARGET <= HWY_AVX3
  const hn::Half<Floats> half;
  return hn::Combine(Floats(), hn::ApproximateReciprocalSqrt(hn::UpperHalf(half, v)),
                     hn::ApproximateReciprocalSqrt(hn::LowerHalf(half, v)));
#else
  return hn::ApproximateReciprocalSqrt(v);
#endif
}

// Goldschmidt's iteration, once, and a correction by what the square leaves, each operation rounded: within 0.75 units
// in the last place. Where that would leave the range of normal numbers, the root is exact.
HWY_INLINE Vector iteratedRoot(Vector v) {
  const Vector inverse = approximateInverseRoot(v);
  const Vector start = hn::Mul(v, inverse), halfInverse = hn::Mul(set(0.5f), inverse);
  const Vector error = hn::Sub(set(0.5f), hn::Mul(start, halfInverse));
  const Vector root = hn::Add(start, hn::Mul(start, error));
  const Vector slope = hn::Add(halfInverse, hn::Mul(halfInverse, error));
  const Vector corrected = hn::Add(root, hn::Mul(hn::Sub(v, hn::Mul(root, root)), slope));

  const auto inRange = hn::And(hn::Ge(v, set(0x1p-126f)), hn::Le(v, set(0x1.ffep127f)));
  if (HWY_LIKELY(hn::AllTrue(Floats(), inRange))) return corrected;
  return hn::IfThenElse(inRange, corrected, hn::Sqrt(v));
}

#else

HWY_INLINE Vector iteratedRoot(Vector v) { return hn::Sqrt(v); }

#endif

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#endif  // EVENKEEL_KERNELS_ROOT_INL_H_
