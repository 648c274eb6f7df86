#include "kernels/layer_norm.h"
#include "test/support.h"

namespace evenkeel::test {

namespace {

struct Sample {
  size_t rows;
  size_t cols;
  float mean;
  float outlier;  // The first element of each row, unless 0.
};

// From rows within a vector to more than one thread's work.
const std::vector<Sample> kSamples{
    {.rows = 3, .cols = 5, .mean = 0, .outlier = 0},       {.rows = 32, .cols = 128, .mean = 0, .outlier = 0},
    {.rows = 100, .cols = 131, .mean = 0, .outlier = 0},   {.rows = 300, .cols = 500, .mean = 0, .outlier = 0},
    {.rows = 2, .cols = 5000, .mean = 0, .outlier = 0},    {.rows = 33, .cols = 130, .mean = 1e4f, .outlier = 0},
    {.rows = 33, .cols = 130, .mean = 0, .outlier = 1e4f}, {.rows = 9, .cols = 5000, .mean = 0, .outlier = 1e4f},
    {.rows = 9, .cols = 700, .mean = -1e6f, .outlier = 0},
};

Array inputOf(const Sample& sample) {
  std::vector<float> values = normal(sample.rows * sample.cols, sample.mean);
  for (size_t i = 0; sample.outlier != 0 && i < values.size(); i += sample.cols) values[i] = sample.outlier;
  return values;
}

// What there is to know of a row, in double precision.
struct ExactRow {
  std::vector<double> xhat;
  std::vector<double> dx;
};

ExactRow exactRow(const Array& x, const Array& dy, const Array& weight, size_t start) {
  const size_t cols = weight.size();
  const double n = static_cast<double>(cols);
  double mean = 0, var = 0, meanG = 0, meanGXhat = 0;
  for (size_t c = 0; c < cols; ++c) mean += x.at(start + c);
  mean /= n;
  for (size_t c = 0; c < cols; ++c) var += (x.at(start + c) - mean) * (x.at(start + c) - mean) / n;
  const double rstd = 1 / std::sqrt(var + 1e-5);
  ExactRow row;
  for (size_t c = 0; c < cols; ++c) {
    const double g = dy.at(start + c) * weight.at(c);
    row.xhat.push_back((x.at(start + c) - mean) * rstd);
    meanG += g / n;
    meanGXhat += g * row.xhat[c] / n;
  }
  for (size_t c = 0; c < cols; ++c) {
    row.dx.push_back(rstd * (dy.at(start + c) * weight.at(c) - meanG - row.xhat[c] * meanGXhat));
  }
  return row;
}

// With a little for the roundings of doubles as large as `size`.
bool isRoundedOnce(float actual, double expected, double size) {
  return std::abs(static_cast<double>(actual) - expected) <= 1.0001 * kRounding * std::abs(expected) + 1e-11 * size;
}

void checkRounding(const Sample& sample) {
  const size_t rows = sample.rows, cols = sample.cols;
  const Array x = inputOf(sample), dy = normal(rows * cols, 0, 1, 2), weight = normal(cols, 1, 1, 3);
  const Array bias = normal(cols, 0, 1, 4);
  Array y(rows * cols), dx(rows * cols), dWeight(cols), dBias(cols);
  std::vector<double> mean(rows), rstd(rows), weightSum(cols), biasSum(cols);
  layerNormForward(y, mean, rstd, x, weight, bias, rows, cols, 1e-5);
  layerNormBackward(dx, dWeight, dBias, dy, x, weight, mean, rstd, rows, cols);
  const double size = std::sqrt(static_cast<double>(cols));
  for (size_t r = 0; r < rows; ++r) {
    const ExactRow exact = exactRow(x, dy, weight, r * cols);
    bool isRounded = true;
    for (size_t c = 0; c < cols; ++c) {
      const size_t i = r * cols + c;
      isRounded = isRounded && isRoundedOnce(y[i], exact.xhat[c] * weight.at(c) + bias.at(c), size) &&
                  isRoundedOnce(dx[i], exact.dx[c], rstd[r] * size);
      weightSum[c] += dy.at(i) * exact.xhat[c];
      biasSum[c] += dy.at(i);
    }
    CHECK(isRounded);
  }
  for (size_t c = 0; c < cols; ++c) {
    CHECK(isRoundedOnce(dWeight[c], weightSum[c], static_cast<double>(rows) * size));
    CHECK(isRoundedOnce(dBias[c], biasSum[c], static_cast<double>(rows)));
  }
}

}  // namespace

TEST_CASE("layerNorm: results are rounded once") {
  for (const Sample& sample : kSamples) {
    CAPTURE(sample.rows);
    CAPTURE(sample.cols);
    CAPTURE(sample.mean);
    CAPTURE(sample.outlier);
    checkRounding(sample);
  }
}

}  // namespace evenkeel::test
