#include "kernels/abs.h"

#include <algorithm>
#include <cmath>

#include "kernels/elements.h"
#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/abs.cpp"
#include "hwy/foreach_target.h"
#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void forward(Out y, In x) {
  const auto f = [](Vector v) VECTOR_CODE { return hn::Abs(v); };
  map(y.data(), y.size(), f, x.data());
}

void backward(Out dx, In dy, In x) {
  const auto f = [](Vector dv, Vector v) VECTOR_CODE {
    const Vector positive = hn::IfThenElseZero(hn::Gt(v, zero()), set(1));
    return hn::Mul(dv, hn::IfThenElse(hn::Lt(v, zero()), set(-1), positive));
  };
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

void absForward(OutFloats y, InFloats x) {
  const Checks checks("absForward");
  checks.length("x", x, {{"y.length", lengthOf(y)}});
  const auto body = [](auto to, auto from) {
    if constexpr (std::is_same_v<decltype(to), Out>) {
      eachElement(HWY_DYNAMIC_DISPATCH(forward), to, from);
    } else {
      std::ranges::transform(from, to.begin(), [](double value) { return std::abs(value); });
    }
  };
  ofOneType(checks, y, body, x);
}

void absBackward(Out dx, In dy, In x) {
  const Checks checks("absBackward");
  checks.length("dy", dy, {{"dx.length", dx.size()}});
  checks.length("x", x, {{"dx.length", dx.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(backward), dx, dy, x);
}

}  // namespace evenkeel
#endif
