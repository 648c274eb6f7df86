#include "kernels/relu.h"

#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("relu: forward and backward, at every size") {
  for (const size_t n : kSizes) {
    CAPTURE(n);
    const Array x = normal(n), dy = normal(n, 0, 1, 2);
    Array y(n), dx(n);
    reluForward(y, x);
    reluBackward(dx, dy, y);
    for (size_t i = 0; i < n; ++i) {
      CHECK(y[i] == (x[i] > 0 ? x[i] : 0));
      CHECK(dx[i] == (x[i] > 0 ? dy[i] : 0));
    }
  }
}

TEST_CASE("relu: NaN, infinities and negative zero") {
  const Array x({kNan, kInfinity, -kInfinity, -0.0f});
  const Array dy({1, 2, 3, 4});
  Array y(4), dx(4);
  reluForward(y, x);
  reluBackward(dx, dy, y);
  CHECK(std::isnan(y[0]));
  CHECK(y[1] == kInfinity);
  CHECK(y[2] == 0);
  CHECK(y[3] == 0);
  CHECK(std::signbit(y[3]));
  CHECK(dx[0] == 1);
  CHECK(dx[1] == 2);
  CHECK(dx[2] == 0);
  CHECK(dx[3] == 0);
}

TEST_CASE("relu: rejects other lengths, and writes nothing") {
  const Array three(3), four(4);
  Array y(3);
  CHECK_REJECTS(reluForward(y, four), "reluForward: x has 4 elements, expected y.length = 3");
  CHECK_REJECTS(reluBackward(y, four, three), "reluBackward: dy has 4 elements, expected dx.length = 3");
  CHECK_REJECTS(reluBackward(y, three, four), "reluBackward: y has 4 elements, expected dx.length = 3");
  CHECK(y.untouched());
}

}  // namespace evenkeel::test
