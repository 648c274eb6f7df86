#include "kernels/softmax.h"

#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("softmax: forward and backward, at every size") {
  for (const size_t rows : kRows) {
    for (const size_t cols : kSizes) {
      CAPTURE(rows);
      CAPTURE(cols);
      const Array x = normal(rows * cols, 0, 3), dy = normal(rows * cols, 0, 1, 2);
      Array y(rows * cols), dx(rows * cols);
      softmaxForward(y, x, rows, cols);
      softmaxBackward(dx, dy, x, rows, cols);
      for (size_t r = 0; r < rows; ++r) {
        const double lse = logSumExp(x, r, cols);
        double sum = 0;
        for (size_t c = 0; c < cols; ++c) sum += dy.at(r * cols + c) * std::exp(x.at(r * cols + c) - lse);
        for (size_t c = 0; c < cols; ++c) {
          const size_t i = r * cols + c;
          const double p = std::exp(x.at(i) - lse);
          CHECK(close(y[i], p, 1.001));
          // Double precision loses digits where the gradient is about the mean.
          CHECK(std::abs(dx.at(i) - (dy.at(i) - sum) * p) <=
                1.001 * kRounding * std::abs((dy.at(i) - sum) * p) + 1e-14);
        }
      }
    }
  }
}

TEST_CASE("safeSoftmax: backward from the output, at every size") {
  for (const size_t cols : kSizes) {
    CAPTURE(cols);
    std::vector<float> values = normal(3 * cols, 0, 3);
    for (size_t c = 0; c < cols; ++c) values[cols + c] = -kInfinity;
    const Array x = values, dy = normal(3 * cols, 0, 1, 2);
    Array y(3 * cols), dx(3 * cols), plain(3 * cols);
    safeSoftmaxForward(y, x, 3, cols);
    safeSoftmaxBackward(dx, dy, y, 3, cols);
    softmaxBackward(plain, dy, x, 3, cols);
    for (size_t i = 0; i < 3 * cols; ++i) {
      if (i / cols == 1) {
        CHECK(dx[i] == 0);
        CHECK(std::isnan(plain[i]));
      } else {
        CHECK(close(dx[i], plain.at(i), 4, 4 * y.at(i)));
      }
    }
  }
}

TEST_CASE("softmax: large logits, infinities and NaN") {
  Array y(3);
  softmaxForward(y, Array({1e4f, 1e4f - 1, -1e4f}), 1, 3);
  CHECK(close(y[0], 1 / (1 + std::exp(-1.0)), 4));
  CHECK(y[2] == 0);
  softmaxForward(y, Array({-kInfinity, 2, 2}), 1, 3);
  CHECK(y[0] == 0);
  CHECK(y[1] == 0.5f);
  for (const float value : {kNan, kInfinity}) {
    softmaxForward(y, Array({1, value, 2}), 1, 3);
    CHECK((std::isnan(y[1]) && (value == kInfinity || std::isnan(y[0]))));
  }
  softmaxForward(y, Array({-kInfinity, -kInfinity, -kInfinity}), 1, 3);
  for (size_t i = 0; i < 3; ++i) CHECK(std::isnan(y[i]));
}

TEST_CASE("safeSoftmax: rows of -infinity alone become zeros, all others are those of softmax") {
  for (const size_t cols : kSizes) {
    CAPTURE(cols);
    std::vector<float> values = normal(3 * cols);
    for (size_t c = 0; c < cols; ++c) values[cols + c] = -kInfinity;
    for (size_t c = 0; c + 1 < cols; ++c) values[2 * cols + c] = -kInfinity;
    const Array x = values;
    Array safe(3 * cols), plain(3 * cols);
    safeSoftmaxForward(safe, x, 3, cols);
    softmaxForward(plain, x, 3, cols);
    for (size_t i = 0; i < 3 * cols; ++i) CHECK(safe[i] == (i / cols == 1 ? 0 : plain[i]));
  }
  Array y(2);
  safeSoftmaxForward(y, Array({kNan, -kInfinity}), 1, 2);
  CHECK(std::isnan(y[0]));
  CHECK(std::isnan(y[1]));
}

TEST_CASE("softmax: rejects other lengths, and writes nothing") {
  const Array six(6), four(4);
  Array y(6);
  CHECK_REJECTS(softmaxForward(y, six, 2, 2), "softmaxForward: y has 6 elements, expected rows * cols = 2 * 2 = 4");
  CHECK_REJECTS(softmaxForward(y, four, 2, 3), "softmaxForward: x has 4 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(safeSoftmaxForward(y, six, 2, 2),
                "safeSoftmaxForward: y has 6 elements, expected rows * cols = 2 * 2 = 4");
  CHECK_REJECTS(safeSoftmaxForward(y, four, 2, 3),
                "safeSoftmaxForward: x has 4 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(softmaxBackward(y, six, six, 2, 2),
                "softmaxBackward: dx has 6 elements, expected rows * cols = 2 * 2 = 4");
  CHECK_REJECTS(softmaxBackward(y, four, six, 2, 3),
                "softmaxBackward: dy has 4 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(softmaxBackward(y, six, four, 2, 3),
                "softmaxBackward: x has 4 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(safeSoftmaxBackward(y, six, six, 2, 2),
                "safeSoftmaxBackward: dx has 6 elements, expected rows * cols = 2 * 2 = 4");
  CHECK_REJECTS(safeSoftmaxBackward(y, four, six, 2, 3),
                "safeSoftmaxBackward: dy has 4 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(safeSoftmaxBackward(y, six, four, 2, 3),
                "safeSoftmaxBackward: y has 4 elements, expected rows * cols = 2 * 3 = 6");
  Array empty(0);
  CHECK_NOTHROW(softmaxForward(empty, empty, 3, 0));
  CHECK(y.untouched());
}

TEST_CASE("logSoftmax: forward and backward, at every size") {
  for (const size_t rows : kRows) {
    for (const size_t cols : kSizes) {
      CAPTURE(rows);
      CAPTURE(cols);
      const Array x = normal(rows * cols, 0, 3), dy = normal(rows * cols, 0, 1, 2);
      Array y(rows * cols), dx(rows * cols);
      logSoftmaxForward(y, x, rows, cols);
      logSoftmaxBackward(dx, dy, x, rows, cols);
      for (size_t r = 0; r < rows; ++r) {
        const double lse = logSumExp(x, r, cols);
        double sum = 0, size = 0;
        for (size_t c = 0; c < cols; ++c) sum += dy.at(r * cols + c);
        for (size_t c = 0; c < cols; ++c) size += std::abs(dy.at(r * cols + c));
        for (size_t c = 0; c < cols; ++c) {
          const size_t i = r * cols + c;
          CHECK(close(y[i], x.at(i) - lse, 3, std::abs(x.at(i) - lse) + 1));
          const double p = std::exp(x.at(i) - lse);
          CHECK(close(dx[i], dy.at(i) - p * sum, 4, std::abs(dy.at(i)) + p * size));
        }
      }
    }
  }
}

TEST_CASE("logSoftmax: large logits neither overflow nor lose their differences") {
  Array y(3), dx(3);
  const Array x({1e4f, 1e4f - 1, -1e4f});
  logSoftmaxForward(y, x, 1, 3);
  const double logSum = std::log1p(std::exp(-1.0));
  CHECK(close(y[0], -logSum, 2));
  CHECK(close(y[1], -1 - logSum, 2));
  CHECK(close(y[2], -2e4 - logSum, 1));
  logSoftmaxBackward(dx, Array({1, 2, 3}), x, 1, 3);
  CHECK(close(dx[0], 1 - 6 * std::exp(-logSum), 4, 6));
  CHECK(dx[2] == 3);
}

TEST_CASE("logSoftmax: -infinity is left out, and NaN, +infinity or nothing but -infinity makes the row NaN") {
  Array y(6);
  logSoftmaxForward(y, Array({-kInfinity, 0, 0, kNan, 0, 0}), 2, 3);
  CHECK(y[0] == -kInfinity);
  CHECK(close(y[1], -std::log(2.0), 1));
  for (size_t c = 3; c < 6; ++c) CHECK(std::isnan(y[c]));
  logSoftmaxForward(y, Array({kInfinity, 0, -kInfinity, -kInfinity, -kInfinity, -kInfinity}), 2, 3);
  for (size_t c = 0; c < 6; ++c) CHECK(std::isnan(y[c]));
}

TEST_CASE("logSoftmax: a NaN anywhere in a long row makes all of it NaN") {
  for (size_t bad = 0; bad < 130; ++bad) {
    std::vector<float> values = normal(130, 0, 30);
    values[bad] = kNan;
    Array y(130);
    logSoftmaxForward(y, values, 1, 130);
    bool all = true;
    for (size_t c = 0; c < 130; ++c) all = all && std::isnan(y[c]);
    CHECK(all);
  }
}

TEST_CASE("logSoftmax: rejects other lengths, and writes nothing") {
  const Array five(5), six(6);
  Array y(6);
  CHECK_REJECTS(logSoftmaxForward(y, six, 2, 2),
                "logSoftmaxForward: y has 6 elements, expected rows * cols = 2 * 2 = 4");
  CHECK_REJECTS(logSoftmaxForward(y, five, 2, 3),
                "logSoftmaxForward: x has 5 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(logSoftmaxBackward(y, six, six, 1, 3),
                "logSoftmaxBackward: dx has 6 elements, expected rows * cols = 1 * 3 = 3");
  CHECK_REJECTS(logSoftmaxBackward(y, five, six, 2, 3),
                "logSoftmaxBackward: dy has 5 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(logSoftmaxBackward(y, six, five, 2, 3),
                "logSoftmaxBackward: x has 5 elements, expected rows * cols = 2 * 3 = 6");
  CHECK(y.untouched());
}

}  // namespace evenkeel::test
