#include "kernels/silu.h"

#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/silu.cpp"
#include "hwy/foreach_target.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void forward(Out y, In x) {
  const auto silu = [](DoubleVector w) VECTOR_CODE { return hn::Mul(w, sigmoidOf(w)); };
  const auto f = [&](Vector v) VECTOR_CODE { return inDouble(silu, v); };
  map(y.data(), y.size(), f, x.data());
}

void backward(Out dx, In dy, In x) {
  const auto gradient = [](DoubleVector dw, DoubleVector w) VECTOR_CODE {
    const DoubleVector one = setDouble(1);
    const DoubleVector s = sigmoidOf(w);
    return hn::Mul(hn::Mul(dw, s), hn::MulAdd(w, hn::Sub(one, s), one));
  };
  const auto f = [&](Vector dv, Vector v) VECTOR_CODE { return inDouble(gradient, dv, v); };
  map(dx.data(), dx.size(), f, dy.data(), x.data());
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

void siluForward(Out y, In x) {
  const Checks checks("siluForward");
  checks.length("x", x, {{"y.length", y.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(forward), y, x);
}

void siluBackward(Out dx, In dy, In x) {
  const Checks checks("siluBackward");
  checks.length("dy", dy, {{"dx.length", dx.size()}});
  checks.length("x", x, {{"dx.length", dx.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(backward), dx, dy, x);
}

}  // namespace evenkeel
#endif
