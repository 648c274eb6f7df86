#include "kernels/layer_norm.h"
#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("layerNorm: the gradients of weight and bias stay accurate over many rows") {
  const size_t rows = 1000, cols = 131;
  const Array x = std::vector<float>(rows * cols, 2), dy = std::vector<float>(rows * cols, 0.1f);
  const std::vector<double> mean(rows, 1), rstd(rows, 1);
  Array dWeight(cols), dBias(cols);
  layerNormBackward(std::nullopt, dWeight, dBias, dy, x, std::nullopt, mean, rstd, rows, cols);
  const double sum = 1000 * static_cast<double>(0.1f);
  for (size_t c = 0; c < cols; ++c) {
    CHECK(close(dWeight[c], sum, 5));
    CHECK(close(dBias[c], sum, 5));
  }
}

TEST_CASE("layerNorm: matrices of few elements are rounded once") {
  const size_t rows = 3, cols = 200;
  const Array x = normal(rows * cols), dy = normal(rows * cols, 0, 1, 2);
  Array y(rows * cols), dx(rows * cols);
  std::vector<double> mean(rows), rstd(rows);
  layerNormForward(y, mean, rstd, x, std::nullopt, std::nullopt, rows, cols, 1e-5f);
  layerNormBackward(dx, std::nullopt, std::nullopt, dy, x, std::nullopt, mean, rstd, rows, cols);
  for (size_t r = 0; r < rows; ++r) {
    const auto xhat = [&](size_t c) { return (x.at(r * cols + c) - mean[r]) * rstd[r]; };
    double meanDy = 0, meanDyXhat = 0;
    for (size_t c = 0; c < cols; ++c) {
      meanDy += dy.at(r * cols + c) / static_cast<double>(cols);
      meanDyXhat += dy.at(r * cols + c) * xhat(c) / static_cast<double>(cols);
    }
    for (size_t c = 0; c < cols; ++c) {
      const double expected = rstd[r] * (dy.at(r * cols + c) - meanDy - xhat(c) * meanDyXhat);
      CHECK(close(y[r * cols + c], xhat(c), 1.001));
      CHECK(close(dx[r * cols + c], expected, 1.001));
    }
  }
}

}  // namespace evenkeel::test
