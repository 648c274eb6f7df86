#include "kernels/bias.h"

#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("bias: forward and backward, at every size") {
  for (const size_t rows : kRows) {
    for (const size_t cols : kSizes) {
      CAPTURE(rows);
      CAPTURE(cols);
      const Array bias = normal(cols), dy = normal(rows * cols, 0, 1, 2);
      Array y(rows * cols), dBias(cols);
      biasForward(y, bias, rows, cols);
      biasBackward(dBias, dy, rows, cols);
      for (size_t i = 0; i < rows * cols; ++i) CHECK(y[i] == bias[i % cols]);
      for (size_t c = 0; c < cols; ++c) {
        double expected = 0, magnitude = 0;
        for (size_t r = 0; r < rows; ++r) {
          expected += dy.at(r * cols + c);
          magnitude += std::abs(dy.at(r * cols + c));
        }
        CHECK(close(dBias[c], expected, 2, magnitude));
      }
    }
  }
}

TEST_CASE("bias: rejects other lengths, and writes nothing") {
  const Array two(2), six(6);
  Array y(6), dBias(3);
  CHECK_REJECTS(biasForward(y, two, 2, 3), "biasForward: bias has 2 elements, expected cols = 3");
  CHECK_REJECTS(biasForward(y, two, 4, 2), "biasForward: y has 6 elements, expected rows * cols = 4 * 2 = 8");
  CHECK_REJECTS(biasBackward(dBias, six, 3, 2), "biasBackward: dBias has 3 elements, expected cols = 2");
  CHECK_REJECTS(biasBackward(dBias, six, 3, 3), "biasBackward: dy has 6 elements, expected rows * cols = 3 * 3 = 9");
  CHECK(y.untouched());
  CHECK(dBias.untouched());
}

TEST_CASE("bias: rejects a size that overflows") {
  Array empty(0);
  const size_t half = size_t{1} << 32;
  CHECK_REJECTS(
      biasForward(empty, empty, half, half),
      "biasForward: y has 0 elements, expected rows * cols = 4294967296 * 4294967296 = more than can be counted");
}

}  // namespace evenkeel::test
