#include "kernels/tanh.h"

#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/tanh.cpp"
#include "hwy/foreach_target.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void forward(Out y, In x) {
  const auto tanh = [](DoubleVector w) VECTOR_CODE { return hn::Tanh(Doubles(), w); };
  const auto f = [&](Vector v) VECTOR_CODE { return inDouble(tanh, v); };
  map(y.data(), y.size(), f, x.data());
}

void backward(Out dx, In dy, In y) {
  const auto f = [](Vector dv, Vector v) VECTOR_CODE { return hn::Mul(dv, hn::NegMulAdd(v, v, set(1))); };
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

void tanhForward(Out y, In x) {
  const Checks checks("tanhForward");
  checks.length("x", x, {{"y.length", y.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(forward), y, x);
}

void tanhBackward(Out dx, In dy, In y) {
  const Checks checks("tanhBackward");
  checks.length("dy", dy, {{"dx.length", dx.size()}});
  checks.length("y", y, {{"dx.length", dx.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(backward), dx, dy, y);
}

}  // namespace evenkeel
#endif
