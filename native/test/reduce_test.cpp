#include "kernels/reduce.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

void checkSum(size_t outer, size_t n, size_t inner) {
  CAPTURE(outer);
  CAPTURE(n);
  CAPTURE(inner);
  const Array x = normal(outer * n * inner);
  Array y(outer * inner);
  sum(y, x, outer, n, inner);
  for (size_t o = 0; o < outer; ++o) {
    for (size_t i = 0; i < inner; ++i) {
      double expected = 0, magnitude = 0;
      for (size_t j = 0; j < n; ++j) {
        expected += x.at((o * n + j) * inner + i);
        magnitude += std::abs(x.at((o * n + j) * inner + i));
      }
      CHECK(close(y[o * inner + i], expected, 4, magnitude));
    }
  }
}

std::vector<std::int32_t> argmaxOf(const std::vector<float>& x, size_t outer, size_t n, size_t inner) {
  std::vector<std::int32_t> indices(outer * inner, -1);
  argmax(indices, Array(x), outer, n, inner);
  return indices;
}

}  // namespace

TEST_CASE("sum: over every axis, at every size") {
  for (const size_t n : kSizes) {
    for (const size_t inner : kSizes) checkSum(2, n, inner);
  }
  checkSum(0, 5, 3);
  checkSum(2, 70, 600);
  checkSum(2, 20000, 1);
}

TEST_CASE("sum: rounding errors do not grow with the number of terms") {
  // Added up one by one, 0.1f would be off by 1 % here.
  const size_t n = 3000000;
  const std::vector<float> x(n, 0.1f);
  const double expected = static_cast<double>(n) * static_cast<double>(0.1f);
  Array total(1), totals(3);
  sum(total, x, 1, n, 1);
  CHECK(close(total[0], expected, 16));
  sum(totals, x, 1, n / 3, 3);
  for (size_t i = 0; i < 3; ++i) CHECK(close(totals[i], expected / 3, 16));
}

TEST_CASE("sum: NaN and infinities spread to their own sums only") {
  Array y(3);
  sum(y, Array({kNan, 1, kInfinity, 2, 3, 4}), 1, 2, 3);
  CHECK(std::isnan(y[0]));
  CHECK(y[1] == 4);
  CHECK(y[2] == kInfinity);
}

TEST_CASE("sum: rejects other lengths, and writes nothing") {
  const Array x(12);
  Array y(4);
  CHECK_REJECTS(sum(y, x, 2, 3, 1), "sum: y has 4 elements, expected outer * inner = 2 * 1 = 2");
  CHECK_REJECTS(sum(y, x, 2, 2, 2), "sum: x has 12 elements, expected outer * n * inner = 2 * 2 * 2 = 8");
  CHECK(y.untouched());
}

TEST_CASE("argmax: the first of the largest, a NaN before all") {
  CHECK(argmaxOf({1, 3, 3, 2}, 1, 4, 1) == std::vector{1});
  CHECK(argmaxOf({1, kInfinity, kNan, 2, kNan}, 1, 5, 1) == std::vector{2});
  CHECK(argmaxOf({kNan, 1}, 1, 2, 1) == std::vector{0});
  CHECK(argmaxOf({-kInfinity, -kInfinity}, 1, 2, 1) == std::vector{0});
  CHECK(argmaxOf({1, 5, 4, 2, 9, 8, 7, 7}, 2, 2, 2) == std::vector{1, 0, 0, 0});
  CHECK(argmaxOf({}, 0, 3, 2).empty());
  CHECK(argmaxOf({}, 3, 3, 0).empty());
}

TEST_CASE("argmax: rejects other lengths and an empty axis, and writes nothing") {
  const Array x(12);
  std::vector<std::int32_t> indices(4, -1);
  CHECK_REJECTS(argmax(indices, x, 4, 0, 1), "argmax: n is 0, expected 1 to 2147483647");
  CHECK_REJECTS(argmax(indices, x, 3, 4, 1), "argmax: indices has 4 elements, expected outer * inner = 3 * 1 = 3");
  CHECK_REJECTS(argmax(indices, x, 4, 2, 1), "argmax: x has 12 elements, expected outer * n * inner = 4 * 2 * 1 = 8");
  CHECK(indices == std::vector(4, -1));
}

}  // namespace evenkeel::test
