#include "kernels/norm.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

float normOf(const Array& x, double p) {
  Array y(1);
  norm(y, x, x.size(), p);
  return y[0];
}

// The definition, in double precision.
double expectedNorm(const Array& x, double p) {
  double total = 0;
  for (size_t i = 0; i < x.size(); ++i) total += std::pow(std::abs(x.at(i)), p);
  return x.size() == 0 ? 0 : std::pow(total, 1 / p);
}

}  // namespace

TEST_CASE("norm: of the usual kinds, at every size") {
  for (const size_t n : kSizes) {
    CAPTURE(n);
    const Array x(normal(n));
    // A square is rounded, and up to 64 of them are added up in single precision; the root halves the error.
    CHECK(close(normOf(x, 2), expectedNorm(x, 2), 8));
    CHECK(close(normOf(x, 1), expectedNorm(x, 1), 8));
    for (const double p : {3.0, 0.5, -1.0}) CHECK(close(normOf(x, p), expectedNorm(x, p), 1.01));
  }
}

TEST_CASE("norm: the largest magnitude wherever it stands, the smallest, the number of those that are not 0") {
  for (const size_t n : kSizes) {
    for (size_t i = 0; i < n; ++i) {
      std::vector<float> values(n, 1);
      values[i] = -3;
      CHECK(normOf(values, HUGE_VAL) == 3);
      CHECK(normOf(values, -HUGE_VAL) == (n == 1 ? 3 : 1));
      values[i] = 0;
      CHECK(normOf(values, -HUGE_VAL) == 0);
      CHECK(normOf(values, 0) == static_cast<float>(n - 1));
    }
  }
}

TEST_CASE("norm: NaN, infinities, and nothing at all") {
  for (const size_t n : {size_t{1}, size_t{20}, size_t{33}}) {
    for (const double p : {2.0, 1.0, 3.0, HUGE_VAL, -HUGE_VAL}) {
      for (size_t i = 0; i < n; ++i) {
        std::vector<float> values = normal(n);
        values[i] = kNan;
        CHECK(std::isnan(normOf(values, p)));
        values[i] = -kInfinity;
        if (p > 0) CHECK(normOf(values, p) == kInfinity);
      }
    }
  }
  for (const double p : {2.0, 1.0, 0.0, 3.0, -1.0, HUGE_VAL, -HUGE_VAL}) CHECK(normOf(Array(size_t{0}), p) == 0);
}

TEST_CASE("norm: of numbers whose squares single precision cannot hold") {
  for (const float size : {1e30f, 1e-30f, 1e-42f}) {
    const Array x(std::vector<float>(100, size));
    CHECK(close(normOf(x, 2), 10 * x.at(0), 1, 10 * x.at(0) + 0x1p-126));
  }
  CHECK(normOf(Array(std::vector<float>(100)), 2) == 0);
  CHECK(normOf(Array(std::vector<float>(4, 3e38f)), 2) == kInfinity);
}

TEST_CASE("norm: rejects other lengths, and writes nothing") {
  Array two(2);
  const Array x{1, 2};
  Array one(1);
  CHECK_REJECTS(norm(two, x, 2, 2), "norm: y has 2 elements, expected 1");
  CHECK_REJECTS(norm(one, x, 3, 2), "norm: x has 2 elements, expected n = 3");
  CHECK(one.untouched());
  CHECK(two.untouched());
}

}  // namespace evenkeel::test
