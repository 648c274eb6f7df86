#include "kernels/norm.h"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/norm.cpp"
#include "hwy/foreach_target.h"
#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

double sumOfSquares(In x) {
  const auto add = [&](size_t i, auto size, Vector* sums) VECTOR_CODE {
    const Vector v = load(x.data() + i, size);
    sums[0] = hn::MulAdd(v, v, sums[0]);
  };
  return reduce<1>(x.size(), add)[0];
}

double sumOfMagnitudes(In x) {
  const auto add = [&](size_t i, auto size, Vector* sums)
                       VECTOR_CODE { sums[0] = hn::Add(sums[0], hn::Abs(load(x.data() + i, size))); };
  return reduce<1>(x.size(), add)[0];
}

double largestMagnitude(In x) {
  Vector largest = zero();
  eachVector(x.size(),
             [&](size_t i, auto size) VECTOR_CODE { largest = maximum(largest, hn::Abs(load(x.data() + i, size))); });
  HWY_ALIGN float each[hn::MaxLanes(Floats())];
  hn::Store(largest, Floats(), each);
  float result = each[0];
  for (size_t i = 1; i < lanes() && result == result; ++i) {
    if (!(each[i] <= result)) result = each[i];
  }
  return static_cast<double>(result);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(sumOfSquares);
HWY_EXPORT(sumOfMagnitudes);
HWY_EXPORT(largestMagnitude);

double magnitude(float x) { return std::abs(static_cast<double>(x)); }

double smallestMagnitude(In x) {
  double smallest = std::numeric_limits<double>::infinity();
  for (const float value : x) {
    if (std::isnan(value)) return magnitude(value);
    smallest = std::min(smallest, magnitude(value));
  }
  return smallest;
}

double sumOfPowers(In x, double p) {
  double total = 0;
  for (const float value : x) total += std::pow(magnitude(value), p);
  return total;
}

// Whether no square has overflowed, nor so many have lost digits to underflow that it shows in the sum.
bool holds(double sumOfSquares, size_t n) {
  return std::isfinite(sumOfSquares) &&
         sumOfSquares >= static_cast<double>(n) * static_cast<double>(std::numeric_limits<float>::min());
}

double normOf(In x, double p) {
  if (x.empty()) return 0;
  if (p == 0) return static_cast<double>(std::count_if(x.begin(), x.end(), [](float value) { return value != 0; }));
  if (p == 1) return HWY_DYNAMIC_DISPATCH(sumOfMagnitudes)(x);
  if (std::isinf(p)) return p > 0 ? HWY_DYNAMIC_DISPATCH(largestMagnitude)(x) : smallestMagnitude(x);
  if (p == 2) {
    const double squares = HWY_DYNAMIC_DISPATCH(sumOfSquares)(x);
    if (holds(squares, x.size())) return std::sqrt(squares);
  }
  return std::pow(sumOfPowers(x, p), 1 / p);
}

}  // namespace

void norm(Out y, In x, size_t n, double p) {
  const Checks checks("norm");
  checks.length("y", y, {});
  checks.length("x", x, {{"n", n}});
  y[0] = static_cast<float>(normOf(x, p));
}

}  // namespace evenkeel
#endif
