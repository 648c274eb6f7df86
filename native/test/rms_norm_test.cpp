#include "kernels/rms_norm.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

constexpr double kEps = 1e-5;

double rstdOf(const Array& x, size_t row, size_t cols, double eps) {
  double squares = 0;
  for (size_t c = 0; c < cols; ++c) squares += x.at(row * cols + c) * x.at(row * cols + c);
  return 1 / std::sqrt(squares / static_cast<double>(cols) + eps);
}

// The results are rounded once: half a step, and a little for sums in another order.
constexpr double kOnce = 1.01;

void checkForward(const Array& x, size_t rows, size_t cols, bool weighted, double eps = kEps) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(weighted);
  const Array weight = normal(cols, 1, 1, 2);
  Array y(rows * cols);
  std::vector<double> rstd(rows);
  rmsNormForward(y, rstd, x, weighted ? OptionalIn(weight) : std::nullopt, rows, cols, eps);
  for (size_t r = 0; r < rows; ++r) {
    const double expected = rstdOf(x, r, cols, eps);
    if (cols > 0) CHECK(rstd[r] == doctest::Approx(expected).epsilon(1e-13));
    for (size_t c = 0; c < cols; ++c) {
      CHECK(close(y[r * cols + c], x.at(r * cols + c) * expected * (weighted ? weight.at(c) : 1), kOnce));
    }
  }
}

void checkBackward(size_t rows, size_t cols, bool weighted) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(weighted);
  const Array x = normal(rows * cols), dy = normal(rows * cols, 0, 1, 2), weight = normal(cols, 1, 1, 3);
  const std::vector<double> rstd(rows, 0.75);
  Array dx(rows * cols), dWeight(cols);
  rmsNormBackward(dx, dWeight, dy, x, weighted ? OptionalIn(weight) : std::nullopt, rstd, rows, cols);

  const auto g = [&](size_t i) { return dy.at(i) * (weighted ? weight.at(i % cols) : 1); };
  const auto xhat = [&](size_t i) { return x.at(i) * 0.75; };
  for (size_t r = 0; r < rows; ++r) {
    double mean = 0;
    for (size_t i = r * cols; i < (r + 1) * cols; ++i) mean += g(i) * xhat(i) / static_cast<double>(cols);
    for (size_t i = r * cols; i < (r + 1) * cols; ++i) {
      CHECK(close(dx[i], 0.75 * (g(i) - xhat(i) * mean), kOnce, std::abs(dx[i]) + 1e-6));
    }
  }
  for (size_t c = 0; c < cols; ++c) {
    double sum = 0;
    for (size_t i = c; i < rows * cols; i += cols) sum += dy.at(i) * xhat(i);
    CHECK(close(dWeight[c], sum, kOnce, std::abs(sum) + 1e-6));
  }
}

}  // namespace

TEST_CASE("rmsNorm: forward, at every size") {
  for (const size_t rows : kRows) {
    for (const size_t cols : kSizes) {
      const Array x = normal(rows * cols, 0.5f);
      for (const bool weighted : {false, true}) checkForward(x, rows, cols, weighted);
    }
  }
}

TEST_CASE("rmsNorm: forward where squares overflow or underflow in single precision") {
  for (const float scale : {1e-38f, 1e-30f, 1e20f, 1e37f}) checkForward(normal(99, 0, scale), 3, 33, true, 0);
}

TEST_CASE("rmsNorm: NaN and infinity spread over their own row only") {
  const size_t cols = 17;
  std::vector<float> values = normal(3 * cols);
  values[cols + 3] = kNan;
  values[2 * cols] = kInfinity;
  Array y(3 * cols);
  std::vector<double> rstd(3);
  rmsNormForward(y, rstd, Array(values), std::nullopt, 3, cols, kEps);
  for (size_t i = 0; i < y.size(); ++i) CHECK(std::isnan(y[i]) == (i / cols == 1 || i == 2 * cols));
  for (size_t i = 2 * cols + 1; i < y.size(); ++i) CHECK(y[i] == 0);
}

TEST_CASE("rmsNorm: rows without elements have rstd NaN") {
  Array none(0);
  std::vector<double> rstd(3);
  rmsNormForward(none, rstd, none, none, 3, 0, kEps);
  for (const double value : rstd) CHECK(std::isnan(value));
  CHECK_NOTHROW(rmsNormBackward(none, none, none, none, std::nullopt, rstd, 3, 0));
}

TEST_CASE("rmsNorm: backward, at every size") {
  for (const size_t rows : kRows) {
    for (const size_t cols : kSizes) {
      for (const bool weighted : {false, true}) checkBackward(rows, cols, weighted);
    }
  }
  checkBackward(3, 1030, true);
}

TEST_CASE("rmsNorm: rejects other lengths, and writes nothing") {
  const Array x(32), eight(8), wrong(12);
  const std::vector<double> four(4), five(5);
  std::vector<double> rstd(4, 7);
  Array y(32), dWeight(8), twelve(12);
  CHECK_REJECTS(rmsNormForward(twelve, rstd, x, eight, 4, 8, kEps),
                "rmsNormForward: y has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(rmsNormForward(y, std::span(rstd).first(3), x, eight, 4, 8, kEps),
                "rmsNormForward: rstd has 3 elements, expected rows = 4");
  CHECK_REJECTS(rmsNormForward(y, rstd, wrong, eight, 4, 8, kEps),
                "rmsNormForward: x has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(rmsNormForward(y, rstd, x, wrong, 4, 8, kEps),
                "rmsNormForward: weight has 12 elements, expected cols = 8");
  CHECK_REJECTS(rmsNormBackward(twelve, dWeight, x, x, eight, four, 4, 8),
                "rmsNormBackward: dx has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(rmsNormBackward(y, twelve, x, x, eight, four, 4, 8),
                "rmsNormBackward: dWeight has 12 elements, expected cols = 8");
  CHECK_REJECTS(rmsNormBackward(y, dWeight, wrong, x, eight, four, 4, 8),
                "rmsNormBackward: dy has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(rmsNormBackward(y, dWeight, x, wrong, eight, four, 4, 8),
                "rmsNormBackward: x has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(rmsNormBackward(y, dWeight, x, x, wrong, four, 4, 8),
                "rmsNormBackward: weight has 12 elements, expected cols = 8");
  CHECK_REJECTS(rmsNormBackward(y, dWeight, x, x, eight, five, 4, 8),
                "rmsNormBackward: rstd has 5 elements, expected rows = 4");
  CHECK(y.untouched());
  CHECK(dWeight.untouched());
  for (const double value : rstd) CHECK(value == 7);
}

}  // namespace evenkeel::test
