#include "kernels/batch_norm.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

constexpr double kEps = 1e-5;
constexpr double kMomentum = 0.25;

// The results are rounded once: half a step, and a little for sums in another order.
constexpr double kOnce = 1.01;

struct Sizes {
  size_t outer, channels, inner;

  size_t size() const { return outer * channels * inner; }
  double count() const { return static_cast<double>(outer * inner); }
  size_t channelOf(size_t i) const { return i / inner % channels; }
};

// Around one, two and more vectors, of channels and of positions; and beyond the strips that kernels work in.
const std::vector<Sizes> kAllSizes{{4, 1, 1},    {5, 3, 1}, {2, 16, 1}, {9, 33, 1}, {70, 130, 1},
                                   {3, 1030, 1}, {2, 3, 7}, {1, 2, 16}, {3, 5, 33}, {1, 1, 130},
                                   {2, 520, 3},  {0, 3, 2}, {2, 3, 0},  {2, 0, 3}};

struct Statistics {
  std::vector<double> mean, var;
};

Statistics statisticsOf(const Array& x, const Sizes& sizes) {
  Statistics result{std::vector<double>(sizes.channels), std::vector<double>(sizes.channels)};
  for (size_t i = 0; i < x.size(); ++i) result.mean[sizes.channelOf(i)] += x.at(i) / sizes.count();
  for (size_t i = 0; i < x.size(); ++i) {
    const double d = x.at(i) - result.mean[sizes.channelOf(i)];
    result.var[sizes.channelOf(i)] += d * d / sizes.count();
  }
  return result;
}

void checkForward(const Array& x, const Sizes& sizes, bool training) {
  CAPTURE(sizes.outer);
  CAPTURE(sizes.channels);
  CAPTURE(sizes.inner);
  CAPTURE(training);
  const size_t channels = sizes.channels;
  const Array weight = normal(channels, 1, 1, 2), bias = normal(channels, 0, 1, 3);
  const std::vector<float> runningMean = normal(channels, 0, 1, 4), runningVar = normal(channels, 3, 0.1f, 5);
  Array y(sizes.size()), newMean = runningMean, newVar = runningVar;
  std::vector<double> mean(channels), rstd(channels);
  const std::vector<double> momentum{kMomentum};
  batchNormForward(y, mean, rstd, newMean, newVar, x, weight, bias, momentum, sizes.outer, channels, sizes.inner, kEps,
                   training);

  const Statistics batch = statisticsOf(x, sizes);
  const double n = sizes.count();
  const auto follow = [](float before, double value) {
    return (1 - kMomentum) * static_cast<double>(before) + kMomentum * value;
  };
  for (size_t c = 0; c < channels; ++c) {
    const bool follows = training && n > 0;
    const double var = training ? batch.var[c] : static_cast<double>(runningVar[c]);
    CHECK(mean[c] == doctest::Approx(training ? batch.mean[c] : static_cast<double>(runningMean[c])).epsilon(1e-12));
    if (n > 0) CHECK(rstd[c] == doctest::Approx(1 / std::sqrt(var + kEps)).epsilon(1e-12));
    CHECK(close(newMean[c], follows ? follow(runningMean[c], batch.mean[c]) : static_cast<double>(runningMean[c]),
                follows ? kOnce : 0));
    CHECK(close(newVar[c],
                follows ? follow(runningVar[c], batch.var[c] * n / (n - 1)) : static_cast<double>(runningVar[c]),
                follows ? kOnce : 0));
  }
  for (size_t i = 0; i < y.size(); ++i) {
    const size_t c = sizes.channelOf(i);
    const double expected = (x.at(i) - mean[c]) * rstd[c] * weight.at(c) + bias.at(c);
    CHECK(close(y[i], expected, kOnce, std::abs(expected) + 1e-6));
  }
}

void checkBackward(const Sizes& sizes, bool training, bool weighted) {
  CAPTURE(sizes.outer);
  CAPTURE(sizes.channels);
  CAPTURE(sizes.inner);
  CAPTURE(training);
  const size_t channels = sizes.channels;
  const Array x = normal(sizes.size(), 100), dy = normal(sizes.size(), 0, 1, 2), weight = normal(channels, 1, 1, 3);
  const std::vector<double> mean(channels, 100), rstd(channels, 0.75);
  Array dx(sizes.size()), dWeight(channels), dBias(channels);
  batchNormBackward(dx, dWeight, dBias, dy, x, weighted ? OptionalIn(weight) : std::nullopt, mean, rstd, sizes.outer,
                    channels, sizes.inner, training);

  std::vector<double> sum(channels), sumXhat(channels);
  const auto xhat = [&](size_t i) { return (x.at(i) - 100) * 0.75; };
  for (size_t i = 0; i < x.size(); ++i) sum[sizes.channelOf(i)] += dy.at(i);
  for (size_t i = 0; i < x.size(); ++i) sumXhat[sizes.channelOf(i)] += dy.at(i) * xhat(i);
  for (size_t c = 0; c < channels; ++c) {
    CHECK(close(dWeight[c], sumXhat[c], kOnce, std::abs(sumXhat[c]) + 1e-6));
    CHECK(close(dBias[c], sum[c], kOnce, std::abs(sum[c]) + 1e-6));
  }
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t c = sizes.channelOf(i);
    const double scale = 0.75 * (weighted ? weight.at(c) : 1);
    const double centred = training ? dy.at(i) - (sum[c] + xhat(i) * sumXhat[c]) / sizes.count() : dy.at(i);
    CHECK(close(dx[i], scale * centred, kOnce, std::abs(scale * centred) + 1e-6));
  }
}

}  // namespace

TEST_CASE("batchNorm: forward, at every size") {
  for (const Sizes& sizes : kAllSizes) {
    for (const bool training : {true, false}) checkForward(normal(sizes.size(), 1), sizes, training);
  }
}

TEST_CASE("batchNorm: forward stays exact where the mean is large beside the deviation, and for large values") {
  for (const Sizes& sizes : {Sizes{70, 5, 1}, Sizes{3, 5, 33}}) {
    checkForward(normal(sizes.size(), 1e4f), sizes, true);
    checkForward(normal(sizes.size(), 1e9f, 1e4f), sizes, true);
    checkForward(normal(sizes.size(), 0, 1e15f), sizes, true);
  }
}

TEST_CASE("batchNorm: a constant channel becomes bias, exactly") {
  const std::vector<double> momentum{0.1};
  for (const float value : {0.1f, 7e8f, -1e30f, 3e38f}) {
    for (const Sizes& sizes : {Sizes{37, 2, 1}, Sizes{2, 2, 19}}) {
      const Array x = std::vector<float>(sizes.size(), value), bias{0.5f, -2.0f};
      Array y(sizes.size());
      std::vector<double> mean(2), rstd(2);
      batchNormForward(y, mean, rstd, std::nullopt, std::nullopt, x, std::nullopt, bias, momentum, sizes.outer, 2,
                       sizes.inner, kEps, true);
      for (size_t i = 0; i < y.size(); ++i) CHECK(y[i] == bias[sizes.channelOf(i)]);
    }
  }
}

TEST_CASE("batchNorm: NaN and infinity spread over their own channel only") {
  for (const Sizes& sizes : {Sizes{7, 9, 1}, Sizes{2, 9, 5}}) {
    std::vector<float> values = normal(sizes.size());
    values[1 * sizes.inner] = kNan;
    values[4 * sizes.inner] = kInfinity;
    Array y(sizes.size());
    std::vector<double> mean(9), rstd(9);
    const std::vector<double> momentum{0.1};
    batchNormForward(y, mean, rstd, std::nullopt, std::nullopt, Array(values), std::nullopt, std::nullopt, momentum,
                     sizes.outer, 9, sizes.inner, kEps, true);
    for (size_t i = 0; i < y.size(); ++i) {
      CHECK(std::isnan(y[i]) == (sizes.channelOf(i) == 1 || sizes.channelOf(i) == 4));
    }
  }
}

TEST_CASE("batchNorm: backward, at every size") {
  for (const Sizes& sizes : kAllSizes) {
    for (const bool training : {true, false}) {
      for (const bool weighted : {true, false}) checkBackward(sizes, training, weighted);
    }
  }
}

TEST_CASE("batchNorm: two values far apart have no gradient") {
  const size_t channels = 64;
  const std::vector<double> momentum{kMomentum};
  Array y(2 * channels), dx(2 * channels);
  std::vector<double> mean(channels), rstd(channels);
  for (const float scale : {1e15f, 1e30f}) {
    const Array x = normal(2 * channels, 0, scale), dy = normal(2 * channels, 0, 1, 2);
    batchNormForward(y, mean, rstd, std::nullopt, std::nullopt, x, std::nullopt, std::nullopt, momentum, 2, channels, 1,
                     kEps, true);
    batchNormBackward(dx, std::nullopt, std::nullopt, dy, x, std::nullopt, mean, rstd, 2, channels, 1, true);
    for (size_t i = 0; i < dx.size(); ++i) CHECK(dx[i] == 0);
  }
}

TEST_CASE("batchNorm: rejects other lengths and absent statistics, and writes nothing") {
  const Array x(24), three(3), wrong(4);
  Array y(24), dWeight(3), dBias(3), runningMean(3), runningVar(3), four(4);
  const std::vector<double> kept(3), momentum{0.1};
  std::vector<double> mean(3, 7), rstd(3, 7), more(4);
  const auto forward = [&](Out yGiven, OutDoubles meanGiven, OutDoubles rstdGiven, OptionalOut runningMeanGiven,
                           OptionalOut runningVarGiven, In xGiven, OptionalIn weight, OptionalIn bias,
                           InDoubles momentumGiven, bool training) {
    batchNormForward(yGiven, meanGiven, rstdGiven, runningMeanGiven, runningVarGiven, xGiven, weight, bias,
                     momentumGiven, 4, 3, 2, kEps, training);
  };
  const auto rejects = [&](const auto& run, const char* message) { CHECK_REJECTS(run(), message); };
  const Out my = y, rm = runningMean, rv = runningVar;
  rejects([&] { forward(four, mean, rstd, rm, rv, x, three, three, momentum, true); },
          "batchNormForward: y has 4 elements, expected outer * channels * inner = 4 * 3 * 2 = 24");
  rejects([&] { forward(my, more, rstd, rm, rv, x, three, three, momentum, true); },
          "batchNormForward: mean has 4 elements, expected channels = 3");
  rejects([&] { forward(my, mean, more, rm, rv, x, three, three, momentum, true); },
          "batchNormForward: rstd has 4 elements, expected channels = 3");
  rejects([&] { forward(my, mean, rstd, four, rv, x, three, three, momentum, true); },
          "batchNormForward: runningMean has 4 elements, expected channels = 3");
  rejects([&] { forward(my, mean, rstd, rm, four, x, three, three, momentum, true); },
          "batchNormForward: runningVar has 4 elements, expected channels = 3");
  rejects([&] { forward(my, mean, rstd, rm, rv, wrong, three, three, momentum, true); },
          "batchNormForward: x has 4 elements, expected outer * channels * inner = 4 * 3 * 2 = 24");
  rejects([&] { forward(my, mean, rstd, rm, rv, x, wrong, three, momentum, true); },
          "batchNormForward: weight has 4 elements, expected channels = 3");
  rejects([&] { forward(my, mean, rstd, rm, rv, x, three, wrong, momentum, true); },
          "batchNormForward: bias has 4 elements, expected channels = 3");
  rejects([&] { forward(my, mean, rstd, rm, rv, x, three, three, more, true); },
          "batchNormForward: momentum has 4 elements, expected 1");
  rejects([&] { forward(my, mean, rstd, rm, std::nullopt, x, three, three, momentum, false); },
          "batchNormForward: the running statistics are absent outside of training");
  const auto backward = [&](OptionalOut dx, OptionalOut dWeightGiven, OptionalOut dBiasGiven, In dy, In xGiven,
                            OptionalIn weight, InDoubles meanGiven, InDoubles rstdGiven) {
    batchNormBackward(dx, dWeightGiven, dBiasGiven, dy, xGiven, weight, meanGiven, rstdGiven, 4, 3, 2, true);
  };
  rejects([&] { backward(four, dWeight, dBias, x, x, three, kept, kept); },
          "batchNormBackward: dx has 4 elements, expected outer * channels * inner = 4 * 3 * 2 = 24");
  rejects([&] { backward(my, four, dBias, x, x, three, kept, kept); },
          "batchNormBackward: dWeight has 4 elements, expected channels = 3");
  rejects([&] { backward(my, dWeight, four, x, x, three, kept, kept); },
          "batchNormBackward: dBias has 4 elements, expected channels = 3");
  rejects([&] { backward(my, dWeight, dBias, wrong, x, three, kept, kept); },
          "batchNormBackward: dy has 4 elements, expected outer * channels * inner = 4 * 3 * 2 = 24");
  rejects([&] { backward(my, dWeight, dBias, x, wrong, three, kept, kept); },
          "batchNormBackward: x has 4 elements, expected outer * channels * inner = 4 * 3 * 2 = 24");
  rejects([&] { backward(my, dWeight, dBias, x, x, wrong, kept, kept); },
          "batchNormBackward: weight has 4 elements, expected channels = 3");
  rejects([&] { backward(my, dWeight, dBias, x, x, three, more, kept); },
          "batchNormBackward: mean has 4 elements, expected channels = 3");
  rejects([&] { backward(my, dWeight, dBias, x, x, three, kept, more); },
          "batchNormBackward: rstd has 4 elements, expected channels = 3");
  for (const Array* array : {&y, &dWeight, &dBias, &runningMean, &runningVar}) CHECK(array->untouched());
  for (size_t c = 0; c < 3; ++c) CHECK((mean[c] == 7 && rstd[c] == 7));
}

}  // namespace evenkeel::test
