#include "kernels/extreme.h"

#include <algorithm>
#include <cmath>

#include "kernels/elements.h"

namespace evenkeel {
namespace {

// The array and its results, without a type.
struct Sizes {
  size_t outer, n, inner;

  void check(const Checks& checks, const char* array, size_t length, const char* results, size_t resultsLength,
             InIntegers indices) const {
    checks.length(results, resultsLength, {{"outer", outer}, {"inner", inner}});
    checks.length(array, length, {{"outer", outer}, {"n", n}, {"inner", inner}});
    checks.length("indices", indices, {{"outer", outer}, {"inner", inner}});
    for (size_t i = 0; i < indices.size(); ++i) static_cast<void>(place(checks, i, indices[i]));
  }

  // Where result i stands in the array. It is asked for again where it is used: another thread may have written to the
  // indices in between.
  size_t place(const Checks& checks, size_t i, std::int32_t index) const {
    if (index < 0 || static_cast<size_t>(index) >= n) {
      checks.fail("indices[%zu] is %d, expected less than n = %zu", i, index, n);
    }
    return (i / inner * n + static_cast<size_t>(index)) * inner + i % inner;
  }
};

}  // namespace

void gatherForward(OutElements y, InElements x, InIntegers indices, size_t outer, size_t n, size_t inner) {
  const Checks checks("gatherForward");
  const Sizes sizes{outer, n, inner};
  sizes.check(checks, "x", lengthOf(x), "y", lengthOf(y), indices);
  const auto body = [&](auto to, auto from) {
    for (size_t i = 0; i < to.size(); ++i) to[i] = from[sizes.place(checks, i, indices[i])];
  };
  ofOneType(checks, y, body, x);
}

void gatherBackward(Out dx, In dy, InIntegers indices, size_t outer, size_t n, size_t inner) {
  const Checks checks("gatherBackward");
  const Sizes sizes{outer, n, inner};
  sizes.check(checks, "dx", dx.size(), "dy", dy.size(), indices);
  std::ranges::fill(dx, 0.0f);
  for (size_t i = 0; i < dy.size(); ++i) dx[sizes.place(checks, i, indices[i])] = dy[i];
}

void extremeBackward(Out dx, In dy, In x, In y) {
  const Checks checks("extremeBackward");
  checks.length("dy", dy, {{nullptr, 1}});
  checks.length("y", y, {{nullptr, 1}});
  checks.length("x", x, {{"dx.length", dx.size()}});
  const float extreme = y[0];
  const auto isExtreme = [&](float value) { return value == extreme || (std::isnan(value) && std::isnan(extreme)); };
  const auto count = static_cast<double>(std::ranges::count_if(x, isExtreme));
  const auto share = static_cast<float>(static_cast<double>(dy[0]) / count);
  std::ranges::transform(x, dx.begin(), [&](float value) { return isExtreme(value) ? share : 0.0f; });
}

}  // namespace evenkeel
