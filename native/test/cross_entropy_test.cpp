#include "kernels/cross_entropy.h"

#include <algorithm>
#include <optional>

#include "test/support.h"

namespace evenkeel::test {
namespace {

constexpr std::int64_t kIgnore = -100;

// Targets that walk through the classes, with every fifth row ignored.
std::vector<std::int32_t> targetsFor(size_t rows, size_t cols) {
  std::vector<std::int32_t> target(rows);
  for (size_t r = 0; r < rows; ++r) {
    target[r] = r % 5 == 4 || cols == 0 ? static_cast<std::int32_t>(kIgnore) : static_cast<std::int32_t>(7 * r % cols);
  }
  return target;
}

// The arguments of both kernels that the results depend on.
struct Arguments {
  In logits;
  const std::vector<std::int32_t>& target;
  OptionalIn weight;
  size_t rows;
  size_t cols;
  double smoothing;
};

struct Results {
  explicit Results(size_t rows) : losses(rows), totals(2, 7), exponentials(rows, 7) {}

  Array losses;
  std::vector<double> totals;
  std::vector<double> exponentials;
};

void forward(Results& to, const Arguments& of, std::int64_t ignoreIndex = kIgnore) {
  softmaxCrossEntropyForward(to.losses, to.totals, to.exponentials, of.logits, of.target, of.weight, of.rows, of.cols,
                             ignoreIndex, of.smoothing);
}

void backward(Array& dLogits, const std::vector<double>& scale, const Results& results, const Arguments& of,
              std::int64_t ignoreIndex = kIgnore) {
  softmaxCrossEntropyBackward(dLogits, scale, of.logits, results.exponentials, of.target, of.weight, of.rows, of.cols,
                              ignoreIndex, of.smoothing);
}

// One rounding, and what double precision is off by.
constexpr double kOnce = 1.0001;

void checkCrossEntropy(const Array& logits, size_t rows, size_t cols, bool weighted, double smoothing) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(weighted);
  CAPTURE(smoothing);
  std::vector<float> weights = normal(cols, 0, 1, 2);
  for (float& w : weights) w = std::abs(w);
  if (cols > 2) weights[2] = 0;
  const Array weight = weighted ? weights : std::vector<float>(cols, 1);
  const std::vector<std::int32_t> target = targetsFor(rows, cols);
  const Arguments of{logits, target, weighted ? OptionalIn(weight) : std::nullopt, rows, cols, smoothing};
  Results results(rows), alone(rows);
  Array dLogits(rows * cols), dLogitsOfOne(rows * cols);
  forward(results, of);
  softmaxCrossEntropyForward(std::nullopt, alone.totals, alone.exponentials, logits, target, of.weight, rows, cols,
                             kIgnore, smoothing);
  std::vector<double> scale(rows);
  for (size_t r = 0; r < rows; ++r) scale[r] = 0.1 * static_cast<double>(r) - 0.3;
  backward(dLogits, scale, results, of);
  backward(dLogitsOfOne, {0.3}, results, of);
  CHECK(alone.losses.untouched());
  CHECK(alone.totals == results.totals);
  CHECK(alone.exponentials == results.exponentials);

  double total = 0, totalWeight = 0;
  for (size_t r = 0; r < rows; ++r) {
    const bool ignored = target[r] == kIgnore;
    const size_t t = ignored ? 0 : static_cast<size_t>(target[r]);
    const double lse = cols == 0 ? 0 : logSumExp(logits, r, cols);
    double expected = 0, magnitude = 0, qSum = 0;
    const auto q = [&](size_t c) {
      const double onTarget = c == t ? (1 - smoothing) * weight.at(t) : 0;
      return ignored ? 0 : onTarget + smoothing / static_cast<double>(cols) * weight.at(c);
    };
    for (size_t c = 0; c < cols; ++c) {
      if (q(c) != 0) expected -= q(c) * (logits.at(r * cols + c) - lse);
      if (q(c) != 0) magnitude += std::abs(q(c) * (logits.at(r * cols + c) - lse));
      qSum += q(c);
    }
    // The expected value is off by the rounding of the sum of log and logit.
    CHECK(close(results.losses[r], expected, kOnce, std::abs(expected) + 1e-8 * (magnitude + qSum * std::abs(lse))));
    total += expected;
    totalWeight += ignored ? 0 : weight.at(t);
    for (size_t c = 0; c < cols; ++c) {
      const double p = std::exp(logits.at(r * cols + c) - lse);
      const double gradient = qSum * p - q(c);
      const double slack = 1e-8 * (qSum * p * (1 + std::abs(lse)) + q(c));
      const double s = scale[r];
      CHECK(close(dLogits[r * cols + c], gradient * s, kOnce, std::abs(s) * (std::abs(gradient) + slack)));
      CHECK(close(dLogitsOfOne[r * cols + c], gradient * 0.3, kOnce, 0.3 * (std::abs(gradient) + slack)));
    }
  }
  CHECK(results.totals[0] == doctest::Approx(total).epsilon(1e-10));
  CHECK(results.totals[1] == doctest::Approx(totalWeight).epsilon(1e-12));
}

}  // namespace

TEST_CASE("softmaxCrossEntropy: forward, at every size, with weights and smoothing") {
  for (const size_t rows : kRows) {
    for (const size_t cols : kSizes) {
      const Array logits = normal(rows * cols, 0, 3);
      for (const bool weighted : {false, true}) {
        for (const double smoothing : {0.0, 0.1, 1.0}) checkCrossEntropy(logits, rows, cols, weighted, smoothing);
      }
    }
  }
}

TEST_CASE("softmaxCrossEntropy: large logits") {
  const Array logits({1e4f, -1e4f, 0, -1e4f, 1e4f, 1e4f});
  checkCrossEntropy(logits, 2, 3, true, 0);
  checkCrossEntropy(logits, 2, 3, true, 0.1);
}

TEST_CASE("softmaxCrossEntropy: the loss of a sure and right row keeps its small value") {
  Results results(1);
  forward(results, {Array({10, 0}), {0}, std::nullopt, 1, 2, 0});
  // The sum 1 + exp(-10) is rounded in double precision.
  CHECK(close(results.losses[0], std::log1p(std::exp(-10.0)), kOnce));
}

TEST_CASE("softmaxCrossEntropy: the totals keep what the rows of a large sum are rounded by") {
  const std::vector<std::int32_t> target{0, 0};
  Results results(2);
  forward(results, {Array({0, 1e9f, 0, 0}), target, std::nullopt, 2, 2, 0});
  CHECK(results.losses[0] == 1e9f);
  CHECK(results.totals[0] == doctest::Approx(1e9 + std::log(2.0)).epsilon(1e-15));
}

TEST_CASE("softmaxCrossEntropy: a logit of -infinity costs only where its probability counts") {
  const Array logits({0, -kInfinity, 0});
  Results results(1);
  Array dLogits(3);
  const auto lossOf = [&](std::int32_t target, const std::vector<float>& weights, double smoothing) {
    const std::vector<std::int32_t> targets{target};
    const Array weight(weights);
    const Arguments of{logits, targets, weight, 1, 3, smoothing};
    forward(results, of);
    backward(dLogits, {1}, results, of);
    return results.losses[0];
  };
  CHECK(close(lossOf(0, {1, 1, 1}, 0), std::log(2.0), 1));
  CHECK(dLogits[1] == 0);
  CHECK(lossOf(1, {1, 1, 1}, 0) == kInfinity);
  CHECK(lossOf(0, {1, 1, 1}, 0.1) == kInfinity);
  CHECK(close(lossOf(0, {1, 0, 1}, 0.1), (0.9 + 0.2 / 3) * std::log(2.0), kOnce));
  CHECK(lossOf(1, {1, 0, 1}, 0) == 0);
}

TEST_CASE("softmaxCrossEntropy: NaN and +infinity make their own row NaN") {
  const std::vector<std::int32_t> target{0, 0, 0};
  const Array logits({0, kNan, 0, kInfinity, 0, 0});
  const Arguments of{logits, target, std::nullopt, 3, 2, 0};
  Results results(3);
  Array dLogits(6);
  forward(results, of);
  backward(dLogits, {1}, results, of);
  for (size_t i = 0; i < 4; ++i) CHECK(std::isnan(dLogits[i]));
  CHECK(dLogits[5] == 0.5f);
  CHECK(std::isnan(results.losses[0]));
  CHECK(std::isnan(results.losses[1]));
  CHECK(std::isnan(results.totals[0]));
  CHECK(close(results.losses[2], std::log(2.0), 1));
}

TEST_CASE("softmaxCrossEntropy: an ignored row is 0 whatever it and the scale hold, and ignoreIndex may be a class") {
  const std::vector<std::int32_t> target{1, 0};
  const Array logits({kNan, kInfinity, 0, 0});
  const Arguments of{logits, target, std::nullopt, 2, 2, 0};
  Results results(2);
  Array dLogits(4);
  forward(results, of, 1);
  backward(dLogits, {static_cast<double>(kNan), 1}, results, of, 1);
  CHECK(results.losses[0] == 0);
  CHECK(dLogits[0] == 0);
  CHECK(dLogits[1] == 0);
  CHECK(dLogits[2] == -0.5f);
  CHECK(results.totals[1] == 1);
}

TEST_CASE("softmaxCrossEntropy: forward rejects other lengths and bad values, and writes nothing") {
  struct Given {
    size_t losses = 2, totals = 2, exponentials = 2, logits = 6;
    std::vector<std::int32_t> target{0, 2};
    size_t weight = 3;
    double smoothing = 0;
  };
  const auto run = [](const Given& given) {
    Array losses(given.losses);
    std::vector<double> totals(given.totals, 7), exponentials(given.exponentials, 7);
    const Array logits(given.logits), weight(given.weight);
    try {
      softmaxCrossEntropyForward(losses, totals, exponentials, logits, given.target, weight, 2, 3, kIgnore,
                                 given.smoothing);
    } catch (...) {
      CHECK(losses.untouched());
      CHECK(totals == std::vector<double>(given.totals, 7));
      CHECK(exponentials == std::vector<double>(given.exponentials, 7));
      throw;
    }
  };
  CHECK_REJECTS(run({.losses = 3}), "softmaxCrossEntropyForward: losses has 3 elements, expected rows = 2");
  CHECK_REJECTS(run({.totals = 1}), "softmaxCrossEntropyForward: totals has 1 elements, expected 2");
  CHECK_REJECTS(run({.exponentials = 1}), "softmaxCrossEntropyForward: exponentials has 1 elements, expected rows = 2");
  CHECK_REJECTS(run({.logits = 5}),
                "softmaxCrossEntropyForward: logits has 5 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(run({.target = {0}}), "softmaxCrossEntropyForward: target has 1 elements, expected rows = 2");
  CHECK_REJECTS(run({.target = {0, 3}}),
                "softmaxCrossEntropyForward: target[1] is 3, expected 0 to 2, or ignoreIndex = -100");
  CHECK_REJECTS(run({.target = {-1, 0}}),
                "softmaxCrossEntropyForward: target[0] is -1, expected 0 to 2, or ignoreIndex = -100");
  CHECK_REJECTS(run({.weight = 2}), "softmaxCrossEntropyForward: weight has 2 elements, expected cols = 3");
  CHECK_REJECTS(run({.smoothing = 1.5}), "softmaxCrossEntropyForward: labelSmoothing is 1.5, expected 0 to 1");
  CHECK_REJECTS(run({.smoothing = -0.1}), "softmaxCrossEntropyForward: labelSmoothing is -0.1, expected 0 to 1");
  CHECK_REJECTS(run({.smoothing = static_cast<double>(kNan)}),
                "softmaxCrossEntropyForward: labelSmoothing is nan, expected 0 to 1");
}

TEST_CASE("softmaxCrossEntropy: no class is a target where there are no columns") {
  Results results(1);
  const Array none(0);
  CHECK_REJECTS(forward(results, {none, {0}, std::nullopt, 1, 0, 0}),
                "softmaxCrossEntropyForward: target[0] is 0, but there are no columns");
  CHECK_NOTHROW(forward(results, {none, {static_cast<std::int32_t>(kIgnore)}, std::nullopt, 1, 0, 0}));
  CHECK(results.losses[0] == 0);
}

TEST_CASE("softmaxCrossEntropy: backward rejects other lengths, and writes nothing") {
  const std::vector<std::int32_t> target{0, 1}, wrong{0, 3};
  const std::vector<double> two(2), three(3);
  const Array five(5), six(6);
  Array dLogits(6);
  const auto run = [&](Out dx, InDoubles scale, In logits, InDoubles exponentials,
                       const std::vector<std::int32_t>& targets, OptionalIn weight, double smoothing = 0) {
    softmaxCrossEntropyBackward(dx, scale, logits, exponentials, targets, weight, 2, 3, kIgnore, smoothing);
  };
  CHECK_REJECTS(run(dLogits.span().first(5), two, six, two, target, std::nullopt),
                "softmaxCrossEntropyBackward: dLogits has 5 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(run(dLogits, three, six, two, target, std::nullopt),
                "softmaxCrossEntropyBackward: scale has 3 elements, expected rows = 2");
  CHECK_REJECTS(run(dLogits, two, five, two, target, std::nullopt),
                "softmaxCrossEntropyBackward: logits has 5 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(run(dLogits, two, six, three, target, std::nullopt),
                "softmaxCrossEntropyBackward: exponentials has 3 elements, expected rows = 2");
  CHECK_REJECTS(run(dLogits, two, six, two, {0}, std::nullopt),
                "softmaxCrossEntropyBackward: target has 1 elements, expected rows = 2");
  CHECK_REJECTS(run(dLogits, two, six, two, wrong, std::nullopt),
                "softmaxCrossEntropyBackward: target[1] is 3, expected 0 to 2, or ignoreIndex = -100");
  CHECK_REJECTS(run(dLogits, two, six, two, target, five),
                "softmaxCrossEntropyBackward: weight has 5 elements, expected cols = 3");
  CHECK_REJECTS(run(dLogits, two, six, two, target, std::nullopt, 2),
                "softmaxCrossEntropyBackward: labelSmoothing is 2, expected 0 to 1");
  CHECK(dLogits.untouched());
}

}  // namespace evenkeel::test
