#include "kernels/sqrt.h"

#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("sqrt: forward and backward, at every size") {
  for (const size_t n : kSizes) {
    CAPTURE(n);
    const Array x = normal(n, 10), dy = normal(n, 0, 1, 2);
    Array y(n), dx(n);
    sqrtForward(y, x);
    sqrtBackward(dx, dy, y);
    for (size_t i = 0; i < n; ++i) {
      CHECK(y[i] == std::sqrt(x[i]));
      CHECK(dx[i] == dy[i] / (2 * y[i]));
    }
  }
}

TEST_CASE("sqrt: zero, infinity, negative numbers") {
  const Array x({0, kInfinity, -1}), dy({1, 1, 1});
  Array y(3), dx(3);
  sqrtForward(y, x);
  sqrtBackward(dx, dy, y);
  CHECK(y[0] == 0);
  CHECK(y[1] == kInfinity);
  CHECK(std::isnan(y[2]));
  CHECK(dx[0] == kInfinity);
  CHECK(dx[1] == 0);
  CHECK(std::isnan(dx[2]));
}

TEST_CASE("sqrt: rejects other lengths, and writes nothing") {
  const Array three(3), four(4);
  Array y(3);
  CHECK_REJECTS(sqrtForward(y, four), "sqrtForward: x has 4 elements, expected y.length = 3");
  CHECK_REJECTS(sqrtBackward(y, four, three), "sqrtBackward: dy has 4 elements, expected dx.length = 3");
  CHECK_REJECTS(sqrtBackward(y, three, four), "sqrtBackward: y has 4 elements, expected dx.length = 3");
  CHECK(y.untouched());
}

}  // namespace evenkeel::test
