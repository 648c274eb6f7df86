#include "kernels/var.h"

#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("var: forward and backward, at every size") {
  const size_t rows = 3;
  for (const size_t n : kSizes) {
    for (const float scale : {1e-22f, 1.0f, 1e17f}) {
      for (const bool root : {false, true}) {
        if (n == 0) continue;
        CAPTURE(n);
        const Array x = normal(rows * n, 10 * scale, scale), dy = normal(rows, 0, 1, 2);
        Array y(rows), dx(rows * n);
        std::vector<double> mean(rows), std(rows);
        const double divisor = static_cast<double>(n) + 0.5;
        varForward(y, mean, std, x, rows, n, divisor, root);
        varBackward(dx, dy, x, mean, std, rows, n, divisor, root);
        for (size_t r = 0; r < rows; ++r) {
          double m = 0, squares = 0;
          for (size_t c = 0; c < n; ++c) m += x.at(r * n + c) / static_cast<double>(n);
          for (size_t c = 0; c < n; ++c) squares += (x.at(r * n + c) - m) * (x.at(r * n + c) - m);
          if (n == 1) continue;
          const double expected = root ? std::sqrt(squares / divisor) : squares / divisor;
          CHECK(std::abs(static_cast<double>(y[r]) - expected) <= 1.01 * kRounding * expected + 1e-45);
          const double slope = (root ? dy.at(r) / expected : 2 * dy.at(r)) / divisor;
          for (size_t c = 0; c < n; ++c) {
            const double d = slope * (x.at(r * n + c) - m);
            CHECK(close(dx[r * n + c], d, 1.01, std::abs(d) + 1e-6 * std::abs(slope) * std::sqrt(squares)));
          }
        }
      }
    }
  }
}

TEST_CASE("var: the root of equal numbers has gradient 0 and rows without elements are NaN") {
  Array y(1), dx(3), none(0);
  std::vector<double> mean(1), std(1);
  const Array x{0.1f, 0.1f, 0.1f}, dy{1};
  varForward(y, mean, std, x, 1, 3, 2, true);
  varBackward(dx, dy, x, mean, std, 1, 3, 2, true);
  CHECK(y[0] == 0);
  for (size_t c = 0; c < 3; ++c) CHECK(dx[c] == 0);
  varForward(y, mean, std, none, 1, 0, 0, false);
  CHECK(std::isnan(y[0]));
}

TEST_CASE("var: rejects other lengths, and writes nothing") {
  const Array x(8), two(2);
  Array y(2), dx(8), wrong(3);
  std::vector<double> stats(2, 7), five(5);
  CHECK_REJECTS(varForward(wrong, stats, stats, x, 2, 4, 3, false), "varForward: y has 3 elements, expected rows = 2");
  CHECK_REJECTS(varForward(y, five, stats, x, 2, 4, 3, false), "varForward: mean has 5 elements, expected rows = 2");
  CHECK_REJECTS(varForward(y, stats, five, x, 2, 4, 3, false), "varForward: std has 5 elements, expected rows = 2");
  CHECK_REJECTS(varForward(y, stats, stats, two, 2, 4, 3, false),
                "varForward: x has 2 elements, expected rows * n = 2 * 4 = 8");
  CHECK_REJECTS(varBackward(wrong, two, x, stats, stats, 2, 4, 3, false),
                "varBackward: dx has 3 elements, expected rows * n = 2 * 4 = 8");
  CHECK_REJECTS(varBackward(dx, x, x, stats, stats, 2, 4, 3, false),
                "varBackward: dy has 8 elements, expected rows = 2");
  CHECK_REJECTS(varBackward(dx, two, two, stats, stats, 2, 4, 3, false),
                "varBackward: x has 2 elements, expected rows * n = 2 * 4 = 8");
  CHECK_REJECTS(varBackward(dx, two, x, five, stats, 2, 4, 3, false),
                "varBackward: mean has 5 elements, expected rows = 2");
  CHECK_REJECTS(varBackward(dx, two, x, stats, five, 2, 4, 3, false),
                "varBackward: std has 5 elements, expected rows = 2");
  CHECK(y.untouched());
  CHECK(dx.untouched());
  for (const double value : stats) CHECK(value == 7);
}

}  // namespace evenkeel::test
