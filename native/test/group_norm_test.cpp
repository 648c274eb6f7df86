#include "kernels/group_norm.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

constexpr double kEps = 1e-5;

// The results are rounded once: half a step, and a little for sums in another order.
constexpr double kOnce = 1.01;

struct GroupedSizes {
  size_t outer, channels, inner, groups;

  size_t size() const { return outer * channels * inner; }
  size_t count() const { return channels / groups * inner; }
  size_t channelOf(size_t i) const { return i / inner % channels; }
};

// Around one, two and more vectors, of channels and of positions; and beyond the strips that kernels work in.
const std::vector<GroupedSizes> kAllSizes{{3, 6, 1, 2},    {2, 4, 7, 2}, {1, 34, 1, 2}, {2, 3, 33, 3}, {2, 1030, 1, 1},
                                          {1, 1040, 3, 2}, {3, 4, 1, 4}, {0, 4, 2, 2},  {2, 4, 0, 2},  {2, 0, 3, 2}};

void checkForward(const Array& x, const GroupedSizes& sizes, bool affine) {
  CAPTURE(sizes.outer);
  CAPTURE(sizes.channels);
  CAPTURE(sizes.inner);
  const Array weight = normal(sizes.channels, 1, 1, 2), bias = normal(sizes.channels, 0, 1, 3);
  Array y(sizes.size());
  std::vector<double> mean(sizes.outer * sizes.groups), rstd(sizes.outer * sizes.groups);
  groupNormForward(y, mean, rstd, x, affine ? OptionalIn(weight) : std::nullopt,
                   affine ? OptionalIn(bias) : std::nullopt, sizes.outer, sizes.channels, sizes.inner, sizes.groups,
                   kEps);
  const double n = static_cast<double>(sizes.count());
  for (size_t g = 0; g < mean.size(); ++g) {
    const size_t begin = g * sizes.count(), end = begin + sizes.count();
    double expectedMean = 0, var = 0;
    for (size_t i = begin; i < end; ++i) expectedMean += x.at(i) / n;
    for (size_t i = begin; i < end; ++i) var += (x.at(i) - expectedMean) * (x.at(i) - expectedMean) / n;
    CHECK(mean[g] == doctest::Approx(expectedMean).epsilon(1e-12));
    if (n == 0) CHECK(std::isnan(rstd[g]));
    if (n > 0) CHECK(rstd[g] == doctest::Approx(1 / std::sqrt(var + kEps)).epsilon(1e-12));
    for (size_t i = begin; i < end; ++i) {
      const size_t c = sizes.channelOf(i);
      const double xhat = (x.at(i) - mean[g]) * rstd[g];
      const double expected = affine ? xhat * weight.at(c) + bias.at(c) : xhat;
      CHECK(close(y[i], expected, kOnce, std::abs(expected) + 1e-6));
    }
  }
}

void checkBackward(const GroupedSizes& sizes, bool weighted) {
  CAPTURE(sizes.outer);
  CAPTURE(sizes.channels);
  CAPTURE(sizes.inner);
  const Array x = normal(sizes.size(), 100), dy = normal(sizes.size(), 0, 1, 2);
  const Array weight = normal(sizes.channels, 1, 1, 3);
  const std::vector<double> mean(sizes.outer * sizes.groups, 100), rstd(sizes.outer * sizes.groups, 0.75);
  Array dx(sizes.size()), dWeight(sizes.channels), dBias(sizes.channels);
  groupNormBackward(dx, dWeight, dBias, dy, x, weighted ? OptionalIn(weight) : std::nullopt, mean, rstd, sizes.outer,
                    sizes.channels, sizes.inner, sizes.groups);

  const auto xhat = [&](size_t i) { return (x.at(i) - 100) * 0.75; };
  const auto gradient = [&](size_t i) { return dy.at(i) * (weighted ? weight.at(sizes.channelOf(i)) : 1); };
  const double n = static_cast<double>(sizes.count());
  for (size_t g = 0; g < mean.size(); ++g) {
    const size_t begin = g * sizes.count(), end = begin + sizes.count();
    double sum = 0, sumXhat = 0;
    for (size_t i = begin; i < end; ++i) sum += gradient(i);
    for (size_t i = begin; i < end; ++i) sumXhat += gradient(i) * xhat(i);
    for (size_t i = begin; i < end; ++i) {
      const double expected = 0.75 * (gradient(i) - (sum + xhat(i) * sumXhat) / n);
      CHECK(close(dx[i], expected, kOnce, std::abs(expected) + 1e-6));
    }
  }
  std::vector<double> weightSum(sizes.channels), biasSum(sizes.channels);
  for (size_t i = 0; i < x.size(); ++i) weightSum[sizes.channelOf(i)] += dy.at(i) * xhat(i);
  for (size_t i = 0; i < x.size(); ++i) biasSum[sizes.channelOf(i)] += dy.at(i);
  for (size_t c = 0; c < sizes.channels; ++c) {
    CHECK(close(dWeight[c], weightSum[c], kOnce, std::abs(weightSum[c]) + 1e-6));
    CHECK(close(dBias[c], biasSum[c], kOnce, std::abs(biasSum[c]) + 1e-6));
  }
}

}  // namespace

TEST_CASE("groupNorm: forward, at every size") {
  for (const GroupedSizes& sizes : kAllSizes) {
    for (const bool affine : {true, false}) checkForward(normal(sizes.size(), 1), sizes, affine);
  }
}

TEST_CASE("groupNorm: forward stays exact where the mean is large beside the deviation, and for large values") {
  const GroupedSizes sizes{2, 4, 33, 2};
  checkForward(normal(sizes.size(), 1e4f), sizes, true);
  checkForward(normal(sizes.size(), 1e9f, 1e4f), sizes, true);
  for (const float scale : {1e-30f, 1e15f, 1e30f, 3e37f}) checkForward(normal(sizes.size(), 0, scale), sizes, true);
}

TEST_CASE("groupNorm: a constant group becomes bias, exactly") {
  for (const float value : {0.1f, 7e8f, -1e30f, 3e38f}) {
    const Array x = std::vector<float>(56, value), bias{0.5f, -2, 3, 0.1f};
    Array y(56);
    std::vector<double> mean(4), rstd(4);
    groupNormForward(y, mean, rstd, x, std::nullopt, bias, 2, 4, 7, 2, kEps);
    for (size_t i = 0; i < y.size(); ++i) CHECK(y[i] == bias[i / 7 % 4]);
  }
}

TEST_CASE("groupNorm: backward, at every size") {
  for (const GroupedSizes& sizes : kAllSizes) {
    for (const bool weighted : {true, false}) checkBackward(sizes, weighted);
  }
}

TEST_CASE("groupNorm: rejects other lengths and groups, and writes nothing") {
  const Array x(24), six(6), wrong(4);
  Array y(24), dWeight(6), dBias(6), four(4);
  const std::vector<double> kept(4);
  std::vector<double> mean(4, 7), rstd(4, 7), more(5);
  const auto forward = [&](Out yGiven, OutDoubles meanGiven, OutDoubles rstdGiven, In xGiven, OptionalIn weight,
                           OptionalIn bias, size_t groups) {
    groupNormForward(yGiven, meanGiven, rstdGiven, xGiven, weight, bias, 2, 6, 2, groups, kEps);
  };
  CHECK_REJECTS(forward(four, mean, rstd, x, six, six, 2),
                "groupNormForward: y has 4 elements, expected outer * channels * inner = 2 * 6 * 2 = 24");
  CHECK_REJECTS(forward(y, more, rstd, x, six, six, 2),
                "groupNormForward: mean has 5 elements, expected outer * groups = 2 * 2 = 4");
  CHECK_REJECTS(forward(y, mean, more, x, six, six, 2),
                "groupNormForward: rstd has 5 elements, expected outer * groups = 2 * 2 = 4");
  CHECK_REJECTS(forward(y, mean, rstd, wrong, six, six, 2),
                "groupNormForward: x has 4 elements, expected outer * channels * inner = 2 * 6 * 2 = 24");
  CHECK_REJECTS(forward(y, mean, rstd, x, wrong, six, 2),
                "groupNormForward: weight has 4 elements, expected channels = 6");
  CHECK_REJECTS(forward(y, mean, rstd, x, six, wrong, 2),
                "groupNormForward: bias has 4 elements, expected channels = 6");
  CHECK_REJECTS(forward(y, mean, rstd, x, six, six, 4), "groupNormForward: 6 channels make no 4 groups");
  CHECK_REJECTS(forward(y, mean, rstd, x, six, six, 0), "groupNormForward: 6 channels make no 0 groups");
  const auto backward = [&](OptionalOut dx, OptionalOut dWeightGiven, OptionalOut dBiasGiven, In dy, In xGiven,
                            OptionalIn weight, InDoubles meanGiven, InDoubles rstdGiven, size_t groups) {
    groupNormBackward(dx, dWeightGiven, dBiasGiven, dy, xGiven, weight, meanGiven, rstdGiven, 2, 6, 2, groups);
  };
  CHECK_REJECTS(backward(four, dWeight, dBias, x, x, six, kept, kept, 2),
                "groupNormBackward: dx has 4 elements, expected outer * channels * inner = 2 * 6 * 2 = 24");
  CHECK_REJECTS(backward(y, four, dBias, x, x, six, kept, kept, 2),
                "groupNormBackward: dWeight has 4 elements, expected channels = 6");
  CHECK_REJECTS(backward(y, dWeight, four, x, x, six, kept, kept, 2),
                "groupNormBackward: dBias has 4 elements, expected channels = 6");
  CHECK_REJECTS(backward(y, dWeight, dBias, wrong, x, six, kept, kept, 2),
                "groupNormBackward: dy has 4 elements, expected outer * channels * inner = 2 * 6 * 2 = 24");
  CHECK_REJECTS(backward(y, dWeight, dBias, x, wrong, six, kept, kept, 2),
                "groupNormBackward: x has 4 elements, expected outer * channels * inner = 2 * 6 * 2 = 24");
  CHECK_REJECTS(backward(y, dWeight, dBias, x, x, wrong, kept, kept, 2),
                "groupNormBackward: weight has 4 elements, expected channels = 6");
  CHECK_REJECTS(backward(y, dWeight, dBias, x, x, six, more, kept, 2),
                "groupNormBackward: mean has 5 elements, expected outer * groups = 2 * 2 = 4");
  CHECK_REJECTS(backward(y, dWeight, dBias, x, x, six, kept, more, 2),
                "groupNormBackward: rstd has 5 elements, expected outer * groups = 2 * 2 = 4");
  CHECK_REJECTS(backward(y, dWeight, dBias, x, x, six, kept, kept, 5),
                "groupNormBackward: 6 channels make no 5 groups");
  for (const Array* array : {&y, &dWeight, &dBias}) CHECK(array->untouched());
  for (size_t g = 0; g < 4; ++g) CHECK((mean[g] == 7 && rstd[g] == 7));
}

}  // namespace evenkeel::test
