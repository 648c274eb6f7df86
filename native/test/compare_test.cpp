#include "kernels/compare.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

using Integers = std::vector<std::int32_t>;
using Booleans = std::vector<std::uint8_t>;

void checkAll(const Array& a, const Array& b, size_t rows, size_t cols, const Integers& aStrides,
              const Integers& bStrides) {
  const Integers shape{static_cast<std::int32_t>(rows), static_cast<std::int32_t>(cols)};
  Booleans equal(rows * cols, 7), less(rows * cols, 7), lessOrEqual(rows * cols, 7);
  eq(equal, a, b, shape, aStrides, bStrides);
  lt(less, a, b, shape, aStrides, bStrides);
  le(lessOrEqual, a, b, shape, aStrides, bStrides);
  for (size_t i = 0; i < rows * cols; ++i) {
    const auto at = [&](const Array& x, const Integers& strides) {
      return x[i / cols * static_cast<size_t>(strides[0]) + i % cols * static_cast<size_t>(strides[1])];
    };
    const float v = at(a, aStrides), w = at(b, bStrides);
    CHECK(equal[i] == (v == w ? 1 : 0));
    CHECK(less[i] == (v < w ? 1 : 0));
    CHECK(lessOrEqual[i] == (v <= w ? 1 : 0));
  }
}

std::vector<float> rounded(size_t size, unsigned seed) {
  std::vector<float> values = normal(size, 0, 1, seed);
  for (float& value : values) value = std::round(value);
  return values;
}

}  // namespace

TEST_CASE("comparisons: every relation, with broadcasting, at every size") {
  for (const size_t n : kSizes) {
    CAPTURE(n);
    const auto length = static_cast<std::int32_t>(n);
    checkAll(rounded(3 * n, 1), rounded(3 * n, 2), 3, n, {length, 1}, {1, 3});
    checkAll(rounded(n, 1), rounded(3, 2), 3, n, {0, 1}, {1, 0});
  }
}

TEST_CASE("comparisons: NaN stands in no relation, zeros and infinities equal themselves") {
  const std::vector<float> values{0, -0.0f, kInfinity, -kInfinity, kNan, 1};
  checkAll(values, values, 6, 6, {1, 0}, {0, 1});
  Booleans y(1);
  le(y, Array({kNan}), Array({kNan}), Integers{}, Integers{}, Integers{});
  CHECK(y[0] == 0);
}

TEST_CASE("comparisons: reject what would reach outside, and write nothing") {
  const Array two(2);
  const Integers shape{2}, ones{1};
  Booleans y(2, 7);
  CHECK_REJECTS(eq(y, two, two, Integers{3}, ones, ones), "eq: y has 2 elements, expected 3");
  CHECK_REJECTS(lt(y, two, two, shape, Integers{2}, ones), "lt: a has 2 elements, its strides reach element 2");
  CHECK_REJECTS(le(y, two, two, shape, ones, Integers{2}), "le: b has 2 elements, its strides reach element 2");
  CHECK(y == Booleans(2, 7));
}

}  // namespace evenkeel::test
