#include "kernels/gelu.h"

#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gelu.cpp"
#include "hwy/foreach_target.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// A distribution function at x, and its derivative there.
struct Distribution {
  DoubleVector probability;
  DoubleVector density;
};

// With z = |x| / sqrt(2), the probability beyond |x| is erfc(z) / 2, and (1 + 2z) exp(z^2) erfc(z) is a polynomial of
// (z - 3.75) / (z + 3.75), here of degree 14 with a relative error of 1e-10: Shepherd, Laframboise, "Chebyshev
// Approximation of (1 + 2x)exp(x^2)erfc x in 0 <= x < infinity", Mathematics of Computation 36, 1981.
HWY_INLINE Distribution normal(DoubleVector x) {
  constexpr double kCoefficients[] = {-6.35240464954e-6, 1.85219473872e-5,  4.42801351791e-5,  -2.84313075753e-4,
                                      2.99596508896e-4,  1.75115762924e-3,  -9.74924335561e-3, 2.83641051174e-2,
                                      -5.86927358333e-2, 9.23039375383e-2,  -1.0880401166e-1,  8.22767739901e-2,
                                      3.58541932094e-3,  -1.40240599536e-1, 1.23751263081};
  const DoubleVector one = setDouble(1);
  const DoubleVector center = setDouble(3.75);
  // Beyond 40 the density is 0 anyway, and infinity is not welcome in quotients.
  const DoubleVector z = hn::Min(hn::Mul(hn::Abs(x), setDouble(0.70710678118654752440)), setDouble(40));
  const DoubleVector u = hn::Div(hn::Sub(z, center), hn::Add(z, center));
  DoubleVector p = hn::Zero(Doubles());
  for (const double coefficient : kCoefficients) p = hn::MulAdd(p, u, setDouble(coefficient));

  const DoubleVector bell = expOf(hn::Neg(hn::Mul(z, z)));
  const DoubleVector beyond = hn::Div(hn::Mul(bell, p), hn::MulAdd(setDouble(4), z, setDouble(2)));
  const DoubleVector below = hn::IfThenElse(hn::Lt(x, hn::Zero(Doubles())), beyond, hn::Sub(one, beyond));
  return {.probability = below, .density = hn::Mul(bell, setDouble(0.39894228040143267794))};
}

HWY_INLINE Distribution approximated(DoubleVector x) {
  const DoubleVector one = setDouble(1);
  const DoubleVector scale = setDouble(2 * 0.79788456080286535588);
  const DoubleVector square = hn::Mul(x, x);
  const DoubleVector argument = hn::Mul(hn::Mul(scale, x), hn::MulAdd(square, setDouble(0.044715), one));
  const DoubleVector slope = hn::Mul(scale, hn::MulAdd(square, setDouble(3 * 0.044715), one));
  // (1 + tanh(v)) / 2 = sigmoid(2v)
  const DoubleVector s = sigmoidOf(argument);
  return {.probability = s, .density = hn::Mul(hn::Mul(s, hn::Sub(one, s)), slope)};
}

template <class Of>
HWY_INLINE void forwardBy(Out y, In x, const Of& distributionOf) {
  const auto gelu = [&](DoubleVector w) VECTOR_CODE { return hn::Mul(w, distributionOf(w).probability); };
  const auto f = [&](Vector v) VECTOR_CODE { return inDouble(gelu, v); };
  map(y.data(), y.size(), f, x.data());
}

template <class Of>
HWY_INLINE void backwardBy(Out dx, In dy, In x, const Of& distributionOf) {
  const auto gradient = [&](DoubleVector dw, DoubleVector w) VECTOR_CODE {
    const auto [probability, density] = distributionOf(w);
    return hn::Mul(dw, hn::MulAdd(w, density, probability));
  };
  const auto f = [&](Vector dv, Vector v) VECTOR_CODE { return inDouble(gradient, dv, v); };
  map(dx.data(), dx.size(), f, dy.data(), x.data());
}

void forward(Out y, In x, bool approximate) {
  if (approximate) return forwardBy(y, x, [](DoubleVector w) VECTOR_CODE { return approximated(w); });
  forwardBy(y, x, [](DoubleVector w) VECTOR_CODE { return normal(w); });
}

void backward(Out dx, In dy, In x, bool approximate) {
  if (approximate) return backwardBy(dx, dy, x, [](DoubleVector w) VECTOR_CODE { return approximated(w); });
  backwardBy(dx, dy, x, [](DoubleVector w) VECTOR_CODE { return normal(w); });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(forward);
HWY_EXPORT(backward);
}  // namespace

void geluForward(Out y, In x, bool approximate) {
  const Checks checks("geluForward");
  checks.length("x", x, {{"y.length", y.size()}});
  const auto kernel = [&](Out part, In from) { HWY_DYNAMIC_DISPATCH(forward)(part, from, approximate); };
  eachElement(kernel, y, x);
}

void geluBackward(Out dx, In dy, In x, bool approximate) {
  const Checks checks("geluBackward");
  checks.length("dy", dy, {{"dx.length", dx.size()}});
  checks.length("x", x, {{"dx.length", dx.size()}});
  const auto kernel = [&](Out part, In d, In from) { HWY_DYNAMIC_DISPATCH(backward)(part, d, from, approximate); };
  eachElement(kernel, dx, dy, x);
}

}  // namespace evenkeel
#endif
