#include "kernels/relu.h"

#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/relu.cpp"
#include "hwy/foreach_target.h"
#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void forward(Out y, In x) {
  const auto f = [](Vector v) VECTOR_CODE { return hn::IfThenZeroElse(hn::Lt(v, zero()), v); };
  map(y.data(), y.size(), f, x.data());
}

void backward(Out dx, In dy, In y) {
  const auto f = [](Vector dv, Vector v) VECTOR_CODE { return hn::IfThenZeroElse(hn::Le(v, zero()), dv); };
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

void reluForward(Out y, In x) {
  const Checks checks("reluForward");
  checks.length("x", x, {{"y.length", y.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(forward), y, x);
}

void rectify(InOut x) { HWY_DYNAMIC_DISPATCH(forward)(x, x); }

void reluBackward(Out dx, In dy, In y) {
  const Checks checks("reluBackward");
  checks.length("dy", dy, {{"dx.length", dx.size()}});
  checks.length("y", y, {{"dx.length", dx.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(backward), dx, dy, y);
}

}  // namespace evenkeel
#endif
