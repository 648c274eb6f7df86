#include "kernels/extreme.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

using Integers = std::vector<std::int32_t>;

void checkGather(size_t outer, size_t n, size_t inner) {
  CAPTURE(outer);
  CAPTURE(n);
  CAPTURE(inner);
  const Array x = normal(outer * n * inner), dy = normal(outer * inner, 0, 1, 2);
  Integers indices(outer * inner);
  for (size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::int32_t>((7 * i + 3) % n);
  Array y(outer * inner), dx(x.size());
  gatherForward(y.span(), x, indices, outer, n, inner);
  gatherBackward(dx, dy, indices, outer, n, inner);
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t result = i / inner / n * inner + i % inner;
    const bool isPicked = static_cast<size_t>(indices[result]) == i / inner % n;
    if (isPicked) CHECK(y[result] == x[i]);
    CHECK(dx[i] == (isPicked ? dy[result] : 0));
  }
}

std::vector<float> shares(const std::vector<float>& x, float y) {
  Array dx(x.size());
  extremeBackward(dx, Array({3}), Array(x), Array({y}));
  std::vector<float> values;
  for (size_t i = 0; i < x.size(); ++i) values.push_back(dx[i]);
  return values;
}

}  // namespace

TEST_CASE("gather: along every axis at every size") {
  for (const size_t n : kSizes) {
    if (n == 0) continue;
    for (const size_t inner : std::vector<size_t>{1, 3, 17}) checkGather(3, n, inner);
  }
  checkGather(0, 5, 3);
  checkGather(3, 5, 0);
}

TEST_CASE("gather: of every type") {
  const std::vector<std::uint8_t> booleans{0, 1, 1, 0};
  const Integers integers{5, 6, 7, 8}, indices{1, 0};
  const std::vector<double> doubles{0.1, 0.2, 0.3, 0.4};
  std::vector<std::uint8_t> someBooleans(2);
  Integers someIntegers(2);
  std::vector<double> someDoubles(2);
  gatherForward(someBooleans, booleans, indices, 2, 2, 1);
  gatherForward(someIntegers, integers, indices, 2, 2, 1);
  gatherForward(someDoubles, doubles, indices, 2, 2, 1);
  CHECK(someBooleans == std::vector<std::uint8_t>{1, 1});
  CHECK(someIntegers == Integers{6, 7});
  CHECK(someDoubles == std::vector<double>{0.2, 0.3});
  CHECK_THROWS_AS(gatherForward(someIntegers, doubles, indices, 2, 2, 1), MixedTypes);
}

TEST_CASE("extremeBackward: shares evenly among equals and lets NaN equal itself") {
  CHECK(shares({1, 5, 5, 2}, 5) == std::vector<float>{0, 1.5f, 1.5f, 0});
  CHECK(shares({4, kNan, 5, kNan, 1, kNan}, kNan) == std::vector<float>{0, 1, 0, 1, 0, 1});
  CHECK(shares({7}, 7) == std::vector<float>{3});
}

TEST_CASE("gather and extremeBackward: reject what does not fit and write nothing") {
  const Array x(6), dy(2), one(1);
  Array y(2), dx(6);
  const Integers indices{0, 3}, negative{0, -1}, shorter{0};
  CHECK_REJECTS(gatherForward(y.span(), x, indices, 2, 3, 1),
                "gatherForward: indices[1] is 3, expected less than n = 3");
  CHECK_REJECTS(gatherForward(y.span(), x, negative, 2, 3, 1),
                "gatherForward: indices[1] is -1, expected less than n = 3");
  CHECK_REJECTS(gatherForward(y.span(), x, shorter, 2, 3, 1),
                "gatherForward: indices has 1 elements, expected outer * inner = 2 * 1 = 2");
  CHECK_REJECTS(gatherBackward(dx, dy, indices, 2, 3, 1), "gatherBackward: indices[1] is 3, expected less than n = 3");
  CHECK_REJECTS(gatherBackward(dx, x, shorter, 2, 3, 1),
                "gatherBackward: dy has 6 elements, expected outer * inner = 2 * 1 = 2");
  CHECK_REJECTS(extremeBackward(dx, dy, x, one), "extremeBackward: dy has 2 elements, expected 1");
  CHECK_REJECTS(extremeBackward(dx, one, x, dy), "extremeBackward: y has 2 elements, expected 1");
  CHECK_REJECTS(extremeBackward(dx, one, dy, one), "extremeBackward: x has 2 elements, expected dx.length = 6");
  CHECK(y.untouched());
  CHECK(dx.untouched());
}

}  // namespace evenkeel::test
