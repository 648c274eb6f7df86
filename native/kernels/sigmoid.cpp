#include "kernels/sigmoid.h"

#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sigmoid.cpp"
#include "hwy/foreach_target.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void forward(Out y, In x) {
  const auto sigmoid = [](DoubleVector w) VECTOR_CODE { return sigmoidOf(w); };
  const auto f = [&](Vector v) VECTOR_CODE { return inDouble(sigmoid, v); };
  map(y.data(), y.size(), f, x.data());
}

void backward(Out dx, In dy, In y) {
  const auto f = [](Vector dv, Vector v) VECTOR_CODE { return hn::Mul(hn::Mul(dv, hn::Sub(set(1), v)), v); };
  map(dx.data(), dx.size(), f, dy.data(), y.data());
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

void sigmoidForward(Out y, In x) {
  const Checks checks("sigmoidForward");
  checks.length("x", x, {{"y.length", y.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(forward), y, x);
}

void sigmoidBackward(Out dx, In dy, In y) {
  const Checks checks("sigmoidBackward");
  checks.length("dy", dy, {{"dx.length", dx.size()}});
  checks.length("y", y, {{"dx.length", dx.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(backward), dx, dy, y);
}

}  // namespace evenkeel
#endif
