#include "kernels/sqrt.h"

#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sqrt.cpp"
#include "hwy/foreach_target.h"
#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void forward(Out y, In x) {
  const auto f = [](Vector v) VECTOR_CODE { return hn::Sqrt(v); };
  map(y.data(), y.size(), f, x.data());
}

void backward(Out dx, In dy, In y) {
  const auto f = [](Vector dv, Vector v) VECTOR_CODE { return hn::Div(dv, hn::Add(v, v)); };
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

void sqrtForward(Out y, In x) {
  const Checks checks("sqrtForward");
  checks.length("x", x, {{"y.length", y.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(forward), y, x);
}

void sqrtBackward(Out dx, In dy, In y) {
  const Checks checks("sqrtBackward");
  checks.length("dy", dy, {{"dx.length", dx.size()}});
  checks.length("y", y, {{"dx.length", dx.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(backward), dx, dy, y);
}

}  // namespace evenkeel
#endif
