// Functions of vectors: those that Highway lacks, and those that it computes less exactly or for fewer arguments.
//
// Compiled once for each instruction set, like vector-inl.h.
#if defined(EVENKEEL_KERNELS_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EVENKEEL_KERNELS_MATH_INL_H_
#undef EVENKEEL_KERNELS_MATH_INL_H_
#else
#define EVENKEEL_KERNELS_MATH_INL_H_
#endif

#include <limits>

#include "hwy/contrib/math/math-inl.h"
#include "kernels/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// f(v...) computed in double precision, half a vector at a time, and rounded once.
#if HWY_TARGET == HWY_SCALAR  // Vectors of one element have no halves, and their DemoteTo knows no infinity.
template <class F, class... Vectors>
HWY_INLINE Vector inDouble(const F& f, Vectors... v) {
  return set(static_cast<float>(hn::GetLane(f(hn::PromoteTo(Doubles(), v)...))));
}
#else
template <class F, class... Vectors>
HWY_INLINE Vector inDouble(const F& f, Vectors... v) {
  const hn::Half<Floats> half;
  const auto low = f(hn::PromoteTo(Doubles(), hn::LowerHalf(half, v))...);
  const auto high = f(hn::PromoteTo(Doubles(), hn::UpperHalf(half, v))...);
  return hn::Combine(Floats(), hn::DemoteTo(half, high), hn::DemoteTo(half, low));
}
#endif

// exp(x), and infinity from 700 on, beyond what single precision holds.
HWY_INLINE DoubleVector expOf(DoubleVector x) {
  const DoubleVector most = setDouble(700);
  // Highway's Exp takes numbers up to 706, and NaN for a very small one.
  const DoubleVector otherwise = hn::IfThenElse(hn::Eq(x, x), setDouble(std::numeric_limits<double>::infinity()), x);
  return hn::IfThenElse(hn::Lt(x, most), hn::Exp(Doubles(), hn::Min(x, most)), otherwise);
}

// 1 / (1 + exp(-x))
HWY_INLINE DoubleVector sigmoidOf(DoubleVector x) {
  return hn::Div(setDouble(1), hn::Add(setDouble(1), expOf(hn::Neg(x))));
}

// log(x) of any float; Highway's Log takes positive finite numbers alone.
HWY_INLINE DoubleVector logOf(DoubleVector x) {
  const double infinity = std::numeric_limits<double>::infinity();
  const DoubleVector zero = hn::Zero(Doubles());
  const auto regular = hn::And(hn::Gt(x, zero), hn::Lt(x, setDouble(infinity)));
  const DoubleVector ofNegative = setDouble(std::numeric_limits<double>::quiet_NaN());
  // What is left are infinity and NaN, which stay.
  const DoubleVector otherwise = hn::IfThenElse(hn::Lt(x, zero), ofNegative, x);
  const DoubleVector special = hn::IfThenElse(hn::Eq(x, zero), setDouble(-infinity), otherwise);
  return hn::IfThenElse(regular, hn::Log(Doubles(), x), special);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#endif  // EVENKEEL_KERNELS_MATH_INL_H_
