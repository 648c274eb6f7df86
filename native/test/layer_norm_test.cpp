#include "kernels/layer_norm.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

constexpr double kEps = 1e-5;

// Around vectors and the unrolled sums of several.
const std::vector<size_t> kLongSizes{127, 128, 129, 143, 144, 145, 159, 160, 161};
const std::vector<size_t> kWideSizes{2048, 2063};

// With and without rows left over from blocks.
const std::vector<size_t> kManyRows{15, 16, 17, 21};

std::vector<size_t> allSizes() {
  std::vector<size_t> sizes = kSizes;
  for (const std::vector<size_t>& more : {kLongSizes, kWideSizes}) sizes.insert(sizes.end(), more.begin(), more.end());
  return sizes;
}

struct Statistics {
  double mean;
  double rstd;
};

Statistics statisticsOf(const Array& x, size_t row, size_t cols) {
  const double n = static_cast<double>(cols);
  double mean = 0, var = 0;
  for (size_t c = 0; c < cols; ++c) mean += x.at(row * cols + c);
  mean /= n;
  for (size_t c = 0; c < cols; ++c) var += (x.at(row * cols + c) - mean) * (x.at(row * cols + c) - mean) / n;
  return {mean, 1 / std::sqrt(var + kEps)};
}

// Statistics that no float holds.
std::vector<double> normalDoubles(size_t size, double mean, unsigned seed) {
  std::vector<double> values;
  for (const float value : normal(size, 0, 1, seed)) values.push_back(mean + 0.1 * static_cast<double>(value));
  return values;
}

// Holds the kernel against double precision.
void checkForward(const Array& x, size_t rows, size_t cols, bool affine) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(affine);
  const Array weight = normal(cols, 1, 1, 2), bias = normal(cols, 0, 1, 3);
  Array y(rows * cols);
  std::vector<double> mean(rows), rstd(rows);
  layerNormForward(y, mean, rstd, x, affine ? OptionalIn(weight) : std::nullopt,
                   affine ? OptionalIn(bias) : std::nullopt, rows, cols, kEps);
  for (size_t r = 0; r < rows; ++r) {
    const Statistics expected = statisticsOf(x, r, cols);
    CHECK(std::abs(mean[r] - expected.mean) <= 1e-13 * (std::abs(expected.mean) + 1 / expected.rstd));
    CHECK(rstd[r] == doctest::Approx(expected.rstd).epsilon(1e-12));
    for (size_t c = 0; c < cols; ++c) {
      const double w = affine ? weight.at(c) : 1;
      const double b = affine ? bias.at(c) : 0;
      const double xhat = (x.at(r * cols + c) - expected.mean) * expected.rstd;
      CHECK(close(y[r * cols + c], xhat * w + b, 1.001, std::max(std::abs(xhat * w + b), 1e-4)));
    }
  }
}

void checkBackward(size_t rows, size_t cols, bool weighted, float offset = 0) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(weighted);
  const Array x = normal(rows * cols, offset), dy = normal(rows * cols, 0, 1, 2), ones = std::vector<float>(cols, 1);
  const Array weight = normal(cols, 1, 1, 3);
  const std::vector<double> mean = normalDoubles(rows, offset, 4), rstd = normalDoubles(rows, 1, 5);
  Array dx(rows * cols), dWeight(cols), dBias(cols);
  layerNormBackward(dx, dWeight, dBias, dy, x, weighted ? OptionalIn(weight) : std::nullopt, mean, rstd, rows, cols);

  const Array& w = weighted ? weight : ones;
  const auto xhat = [&](size_t r, size_t c) { return (x.at(r * cols + c) - mean[r]) * rstd[r]; };
  const double n = static_cast<double>(cols);
  for (size_t r = 0; r < rows; ++r) {
    double meanG = 0, meanGXhat = 0, size = 0;
    for (size_t c = 0; c < cols; ++c) {
      const double g = dy.at(r * cols + c) * w.at(c);
      meanG += g / n;
      meanGXhat += g * xhat(r, c) / n;
      size += (std::abs(g) + std::abs(g * xhat(r, c))) / n;
    }
    for (size_t c = 0; c < cols; ++c) {
      const double g = dy.at(r * cols + c) * w.at(c);
      const double expected = rstd[r] * (g - meanG - xhat(r, c) * meanGXhat);
      CHECK(close(dx[r * cols + c], expected, 1.001, std::max(std::abs(expected), 1e-4 * size)));
    }
  }
  for (size_t c = 0; c < cols; ++c) {
    double weightSum = 0, weightSize = 0, biasSum = 0, biasSize = 0;
    for (size_t r = 0; r < rows; ++r) {
      weightSum += dy.at(r * cols + c) * xhat(r, c);
      weightSize += std::abs(dy.at(r * cols + c) * xhat(r, c));
      biasSum += dy.at(r * cols + c);
      biasSize += std::abs(dy.at(r * cols + c));
    }
    CHECK(close(dWeight[c], weightSum, 1.001, std::max(std::abs(weightSum), 1e-4 * weightSize)));
    CHECK(close(dBias[c], biasSum, 1.001, std::max(std::abs(biasSum), 1e-4 * biasSize)));
  }
}

}  // namespace

TEST_CASE("layerNorm: forward, at every size") {
  for (const size_t rows : kRows) {
    for (const size_t cols : allSizes()) {
      if (cols == 0) continue;
      const Array x = normal(rows * cols);
      for (const bool affine : {false, true}) checkForward(x, rows, cols, affine);
    }
  }
  for (const size_t rows : kManyRows) {
    for (const size_t cols : kLongSizes) checkForward(normal(rows * cols), rows, cols, true);
  }
}

TEST_CASE("layerNorm: forward stays accurate where the mean is large beside the deviation") {
  for (const float mean : {2000.0f, 1e4f, -1e6f}) {
    CAPTURE(mean);
    for (const size_t rows : kManyRows) checkForward(normal(rows * 130, mean), rows, 130, true);
    checkForward(normal(5000, mean), 1, 5000, true);
  }
}

TEST_CASE("layerNorm: a constant row becomes bias, exactly") {
  for (const size_t cols : allSizes()) {
    for (const float value : {0.1f, 1e4f, 1e15f, -1e30f, 3e38f}) {
      CAPTURE(cols);
      CAPTURE(value);
      const Array x = std::vector<float>(cols, value), weight = normal(cols), bias = normal(cols, 0, 1, 2);
      Array y(cols);
      std::vector<double> mean(1), rstd(1);
      layerNormForward(y, mean, rstd, x, weight, bias, 1, cols, 1e-5);
      for (size_t c = 0; c < cols; ++c) CHECK(y[c] == bias[c]);
      if (cols > 0) CHECK(mean[0] == static_cast<double>(value));
    }
  }
}

TEST_CASE("layerNorm: rows whose squares overflow, beside others") {
  const size_t rows = 3;
  for (const size_t cols : std::vector<size_t>{33, 130, 700}) {
    for (const float scale : {1e20f, 1e30f, 3e37f}) {
      std::vector<float> values = normal(rows * cols);
      for (size_t c = 0; c < cols; ++c) values[cols + c] *= scale;
      checkForward(values, rows, cols, true);
    }
  }
  Array y(2);
  std::vector<double> mean(1), rstd(1);
  layerNormForward(y, mean, rstd, Array({3e38f, -3e38f}), std::nullopt, std::nullopt, 1, 2, 1e-5);
  CHECK(close(y[0], 1, 1));
  CHECK(close(y[1], -1, 1));
}

TEST_CASE("layerNorm: NaN and infinity spread over their own row only") {
  for (const float bad : {kNan, kInfinity, -kInfinity}) {
    for (const size_t cols : std::vector<size_t>{17, 130, 450}) {
      std::vector<float> values = normal(5 * cols);
      values[cols + 3] = bad;
      const Array x = values;
      Array y(5 * cols);
      std::vector<double> mean(5), rstd(5);
      layerNormForward(y, mean, rstd, x, std::nullopt, std::nullopt, 5, cols, 1e-5);
      for (size_t i = 0; i < y.size(); ++i) CHECK(std::isnan(y[i]) == (i / cols == 1));
      CHECK(std::isnan(rstd[1]));
    }
  }
}

TEST_CASE("layerNorm: rows without elements have mean 0 and rstd NaN") {
  Array y(0), dx(0), dWeight(0), dBias(0);
  std::vector<double> mean(3), rstd(3);
  layerNormForward(y, mean, rstd, y, y, y, 3, 0, 1e-5);
  for (size_t r = 0; r < 3; ++r) {
    CHECK(mean[r] == 0);
    CHECK(std::isnan(rstd[r]));
  }
  CHECK_NOTHROW(layerNormBackward(dx, dWeight, dBias, y, y, std::nullopt, mean, rstd, 3, 0));
}

TEST_CASE("layerNorm: backward, at every size") {
  for (const size_t rows : kRows) {
    for (const size_t cols : allSizes()) {
      for (const bool weighted : {false, true}) checkBackward(rows, cols, weighted);
    }
  }
  for (const size_t rows : kManyRows) {
    for (const size_t cols : kLongSizes) checkBackward(rows, cols, true);
  }
  checkBackward(9, 130, true, 1e4f);
  checkBackward(21, 130, true, 1e4f);
  checkBackward(9, 1100, true);
}

TEST_CASE("layerNorm: each gradient is the same with and without the others") {
  const size_t rows = 5;
  size_t cols = 33;
  SUBCASE("short rows") {}
  SUBCASE("long rows") { cols = 130; }
  SUBCASE("many elements") { cols = 450; }
  const Array x = normal(rows * cols), dy = normal(rows * cols, 0, 1, 2), weight = normal(cols, 1, 1, 3);
  const std::vector<double> mean = normalDoubles(rows, 0, 4), rstd = normalDoubles(rows, 1, 5);
  Array allDx(rows * cols), allDWeight(cols), allDBias(cols);
  layerNormBackward(allDx, allDWeight, allDBias, dy, x, weight, mean, rstd, rows, cols);
  Array dx(rows * cols), dWeight(cols), dBias(cols);
  layerNormBackward(dx, std::nullopt, std::nullopt, dy, x, weight, mean, rstd, rows, cols);
  layerNormBackward(std::nullopt, dWeight, std::nullopt, dy, x, weight, mean, rstd, rows, cols);
  layerNormBackward(std::nullopt, std::nullopt, dBias, dy, x, weight, mean, rstd, rows, cols);
  for (size_t i = 0; i < dx.size(); ++i) CHECK(dx[i] == allDx[i]);
  for (size_t c = 0; c < cols; ++c) {
    CHECK(dWeight[c] == allDWeight[c]);
    CHECK(dBias[c] == allDBias[c]);
  }
  CHECK_NOTHROW(layerNormBackward(std::nullopt, std::nullopt, std::nullopt, dy, x, weight, mean, rstd, rows, cols));
}

TEST_CASE("layerNorm: results that are streamed past the caches are the same") {
  // 12 MB and a little more, with rows left over.
  const size_t rows = 4099, part = 2050;
  size_t cols = 768;
  SUBCASE("rows of whole vectors") {}
  SUBCASE("rows that end within a vector") { cols = 769; }
  const Array x = normal(rows * cols), dy = normal(rows * cols, 0, 1, 2), weight = normal(cols, 1, 1, 3);
  Array y(rows * cols), dx(rows * cols), dWeight(cols);
  std::vector<double> mean(rows), rstd(rows);
  layerNormForward(y, mean, rstd, x, weight, std::nullopt, rows, cols, 1e-5);
  layerNormBackward(dx, dWeight, std::nullopt, dy, x, weight, mean, rstd, rows, cols);

  // Too few rows at a time to be streamed.
  Array partY(part * cols), partDx(part * cols);
  std::vector<double> partMean(part), partRstd(part);
  bool same = true;
  for (size_t r = 0; r + part <= rows; r += part) {
    const auto rowsOf = [&](const Array& array) { return In(array).subspan(r * cols, part * cols); };
    layerNormForward(partY, partMean, partRstd, rowsOf(x), weight, std::nullopt, part, cols, 1e-5);
    layerNormBackward(partDx, std::nullopt, std::nullopt, rowsOf(dy), rowsOf(x), weight, partMean, partRstd, part,
                      cols);
    for (size_t i = 0; i < part * cols; ++i)
      same = same && partY[i] == y[r * cols + i] && partDx[i] == dx[r * cols + i];
  }
  CHECK(same);
}

}  // namespace evenkeel::test
