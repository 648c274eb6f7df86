#include "kernels/binary_cross_entropy.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/binary_cross_entropy.cpp"
#include "hwy/foreach_target.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// log(1 / (1 + exp(-x))), without overflow.
HWY_INLINE DoubleVector logSigmoidOf(DoubleVector x) {
  const DoubleVector rest = hn::Log1p(Doubles(), expOf(hn::Neg(hn::Abs(x))));
  return hn::Sub(hn::Min(x, hn::Zero(Doubles())), rest);
}

// An array that stands for ones if it is absent, and for as many equal values as needed if it has only one.
struct Factors {
  const float* values;
  bool one;

  template <class Size>
  HWY_INLINE Vector at(size_t i, Size size) const {
    if (!values) return set(1);
    return one ? set(*values) : load(values + i, size);
  }
};

HWY_INLINE Factors factorsOf(const OptionalIn& posWeight) { return {posWeight ? posWeight->data() : nullptr, false}; }

void forward(Out loss, In x, In target, OptionalIn posWeight) {
  const Factors weights = factorsOf(posWeight);
  const auto lossOf = [](DoubleVector v, DoubleVector t, DoubleVector w) VECTOR_CODE {
    const DoubleVector one = setDouble(1);
    const DoubleVector q = hn::MulAdd(hn::Sub(w, one), t, one);
    return hn::NegMulAdd(q, logSigmoidOf(v), hn::Mul(hn::Sub(one, t), v));
  };
  eachVector(loss.size(), [&](size_t i, auto size) VECTOR_CODE {
    const Vector l = inDouble(lossOf, load(x.data() + i, size), load(target.data() + i, size), weights.at(i, size));
    store(l, loss.data() + i, size);
  });
}

void gradient(Out dx, In scale, In x, In target, OptionalIn posWeight) {
  const Factors scales{scale.data(), scale.size() == 1}, weights = factorsOf(posWeight);
  const auto slope = [](DoubleVector k, DoubleVector v, DoubleVector t, DoubleVector w) VECTOR_CODE {
    const DoubleVector positive = hn::Mul(w, t);
    const DoubleVector total = hn::Add(hn::Sub(setDouble(1), t), positive);
    return hn::Mul(k, hn::MulSub(total, sigmoidOf(v), positive));
  };
  eachVector(dx.size(), [&](size_t i, auto size) VECTOR_CODE {
    const Vector v = load(x.data() + i, size), t = load(target.data() + i, size);
    store(inDouble(slope, scales.at(i, size), v, t, weights.at(i, size)), dx.data() + i, size);
  });
}

void targetGradient(Out dTarget, In scale, In x, OptionalIn posWeight) {
  const Factors scales{scale.data(), scale.size() == 1}, weights = factorsOf(posWeight);
  const auto slope = [](DoubleVector k, DoubleVector v, DoubleVector w) VECTOR_CODE {
    return hn::Mul(k, hn::NegMulAdd(w, logSigmoidOf(v), logSigmoidOf(hn::Neg(v))));
  };
  eachVector(dTarget.size(), [&](size_t i, auto size) VECTOR_CODE {
    const Vector v = load(x.data() + i, size);
    store(inDouble(slope, scales.at(i, size), v, weights.at(i, size)), dTarget.data() + i, size);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(forward);
HWY_EXPORT(gradient);
HWY_EXPORT(targetGradient);
}  // namespace

void binaryCrossEntropyForward(Out loss, In x, In target, OptionalIn posWeight) {
  const Checks checks("binaryCrossEntropyForward");
  checks.length("x", x, {{"loss.length", loss.size()}});
  checks.length("target", target, {{"loss.length", loss.size()}});
  checks.length("posWeight", posWeight, {{"loss.length", loss.size()}});
  HWY_DYNAMIC_DISPATCH(forward)(loss, x, target, posWeight);
}

void binaryCrossEntropyBackward(OptionalOut dx, OptionalOut dTarget, In scale, In x, In target, OptionalIn posWeight) {
  const Checks checks("binaryCrossEntropyBackward");
  checks.length("dx", dx, {{"x.length", x.size()}});
  checks.length("dTarget", dTarget, {{"x.length", x.size()}});
  checks.length("target", target, {{"x.length", x.size()}});
  checks.length("posWeight", posWeight, {{"x.length", x.size()}});
  if (scale.size() != 1) checks.length("scale", scale, {{"x.length", x.size()}});
  if (dx) HWY_DYNAMIC_DISPATCH(gradient)(*dx, scale, x, target, posWeight);
  if (dTarget) HWY_DYNAMIC_DISPATCH(targetGradient)(*dTarget, scale, x, posWeight);
}

}  // namespace evenkeel
#endif
