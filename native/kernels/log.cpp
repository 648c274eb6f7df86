#include "kernels/log.h"

#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/log.cpp"
#include "hwy/foreach_target.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void forward(Out y, In x) {
  const auto log = [](DoubleVector w) VECTOR_CODE { return logOf(w); };
  const auto f = [&](Vector v) VECTOR_CODE { return inDouble(log, v); };
  map(y.data(), y.size(), f, x.data());
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(forward);
}  // namespace

void logForward(Out y, In x) {
  const Checks checks("logForward");
  checks.length("x", x, {{"y.length", y.size()}});
  eachElement(HWY_DYNAMIC_DISPATCH(forward), y, x);
}

}  // namespace evenkeel
#endif
