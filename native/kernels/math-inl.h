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

// exp(x) of any float, off by at most 0.7 units in the last place (Highway's Exp: 1.01).
//
// x = q log(2) + r with |r| <= log(2) / 2, and exp(x) = 2^q (1 + r + r^2 p(r)), where p is the minimax polynomial of
// degree 5. What the reduction and the first addition round off is added back.
HWY_INLINE Vector expOf(Vector x) {
  const hn::RebindToSigned<Floats> integers;
  // Beyond these bounds the result is 0 or infinity.
  const Vector bounded = hn::Min(hn::Max(x, set(-105)), set(105));
  const auto q = hn::NearestInt(hn::Mul(bounded, set(1.44269504089f)));
  const Vector quotient = hn::ConvertTo(Floats(), q);
  // log(2) in two parts: products with the first are exact.
  const Vector nearly = hn::NegMulAdd(quotient, set(0.693145751953125f), bounded);
  const Vector lowLog2 = set(1.42860677e-6f);
  const Vector r = hn::NegMulAdd(quotient, lowLog2, nearly);
  const Vector lostReducing = hn::NegMulAdd(quotient, lowLog2, hn::Sub(nearly, r));

  Vector p = hn::MulAdd(set(1.97329151e-4f), r, set(1.39354728e-3f));
  p = hn::MulAdd(p, r, set(8.33358895e-3f));
  p = hn::MulAdd(p, r, set(4.16664593e-2f));
  p = hn::MulAdd(p, r, set(0.166666657f));
  p = hn::MulAdd(p, r, set(0.5f));
  const Vector tail = hn::MulAdd(p, hn::Mul(r, r), lostReducing);
  const Vector sum = hn::Add(set(1), r);
  const Vector lostAdding = hn::Sub(r, hn::Sub(sum, set(1)));
  const Vector y = hn::Add(sum, hn::Add(lostAdding, tail));

  // 2^q in two factors, since it may be out of range where the result is not.
  const auto powerOfTwo = [&](auto e) VECTOR_CODE {
    return hn::BitCast(Floats(), hn::ShiftLeft<23>(hn::Add(e, hn::Set(integers, 127))));
  };
  const auto half = hn::ShiftRight<1>(q);
  const Vector result = hn::Mul(hn::Mul(y, powerOfTwo(half)), powerOfTwo(hn::Sub(q, half)));
  return hn::IfThenElse(hn::Eq(x, x), result, x);
}

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
