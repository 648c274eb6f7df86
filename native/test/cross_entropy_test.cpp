#include "kernels/softmax.h"

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
  Array loss(rows), rowWeight(rows), dLogits(rows * cols), lossAlone(rows);
  const OptionalIn given = weighted ? OptionalIn(weight) : std::nullopt;
  softmaxCrossEntropyForward(loss, rowWeight, dLogits, logits, target, given, rows, cols, kIgnore, smoothing);
  softmaxCrossEntropyForward(lossAlone, rowWeight, std::nullopt, logits, target, given, rows, cols, kIgnore, smoothing);

  for (size_t r = 0; r < rows; ++r) {
    CHECK(loss[r] == lossAlone[r]);
    const bool ignored = target[r] == kIgnore;
    const size_t t = ignored ? 0 : static_cast<size_t>(target[r]);
    CHECK(rowWeight[r] == (ignored ? 0 : weight[t]));
    const double lse = logSumExp(logits, r, cols);
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
    CHECK(close(loss[r], expected, 4, magnitude + qSum));
    for (size_t c = 0; c < cols; ++c) {
      const double p = std::exp(logits.at(r * cols + c) - lse);
      // The exponent is rounded to single precision, which exp amplifies.
      const double depth = 1 + std::abs(logits.at(r * cols + c) - lse);
      CHECK(close(dLogits[r * cols + c], qSum * p - q(c), 4, (1 + depth) * qSum * p + q(c)));
    }
  }
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
  Array loss(1), rowWeight(1);
  const std::vector<std::int32_t> target{0};
  softmaxCrossEntropyForward(loss, rowWeight, std::nullopt, Array({10, 0}), target, std::nullopt, 1, 2, kIgnore, 0);
  // The sum 1 + exp(-10) is rounded once.
  CHECK(close(loss[0], std::log1p(std::exp(-10.0)), 2, 1));
}

TEST_CASE("softmaxCrossEntropy: a logit of -infinity costs only where its probability counts") {
  const Array logits({0, -kInfinity, 0});
  Array loss(1), rowWeight(1), dLogits(3);
  const auto lossOf = [&](std::int32_t target, const std::vector<float>& weight, double smoothing) {
    const std::vector<std::int32_t> targets{target};
    softmaxCrossEntropyForward(loss, rowWeight, dLogits, logits, targets, Array(weight), 1, 3, kIgnore, smoothing);
    return loss[0];
  };
  CHECK(close(lossOf(0, {1, 1, 1}, 0), std::log(2.0), 1));
  CHECK(dLogits[1] == 0);
  CHECK(lossOf(1, {1, 1, 1}, 0) == kInfinity);
  CHECK(lossOf(0, {1, 1, 1}, 0.1) == kInfinity);
  CHECK(close(lossOf(0, {1, 0, 1}, 0.1), (0.9 + 0.2 / 3) * std::log(2.0), 2));
  CHECK(lossOf(1, {1, 0, 1}, 0) == 0);
}

TEST_CASE("softmaxCrossEntropy: NaN and +infinity make their own row NaN") {
  const std::vector<std::int32_t> target{0, 0, 0};
  Array loss(3), rowWeight(3), dLogits(6);
  softmaxCrossEntropyForward(loss, rowWeight, dLogits, Array({0, kNan, 0, kInfinity, 0, 0}), target, std::nullopt, 3, 2,
                             kIgnore, 0);
  for (size_t i = 0; i < 4; ++i) CHECK(std::isnan(dLogits[i]));
  CHECK(std::isnan(loss[0]));
  CHECK(std::isnan(loss[1]));
  CHECK(close(loss[2], std::log(2.0), 1));
}

TEST_CASE("softmaxCrossEntropy: an ignored row is 0 whatever it holds, and ignoreIndex may be a class") {
  const std::vector<std::int32_t> target{1, 0};
  Array loss(2), rowWeight(2), dLogits(4);
  softmaxCrossEntropyForward(loss, rowWeight, dLogits, Array({kNan, kInfinity, 0, 0}), target, std::nullopt, 2, 2, 1,
                             0);
  CHECK(loss[0] == 0);
  CHECK(rowWeight[0] == 0);
  CHECK(dLogits[0] == 0);
  CHECK(dLogits[1] == 0);
  CHECK(rowWeight[1] == 1);
}

TEST_CASE("softmaxCrossEntropy: backward scales by row or by one value, and leaves ignored rows 0") {
  const std::vector<std::int32_t> target{0, static_cast<std::int32_t>(kIgnore), 1};
  const Array dLogits({1, 2, kNan, 4, 5, 6});
  Array dx(6);
  softmaxCrossEntropyBackward(dx, dLogits, Array({2, kInfinity, 3}), target, 3, 2, kIgnore);
  const std::vector<float> byRow{2, 4, 0, 0, 15, 18};
  for (size_t i = 0; i < 6; ++i) CHECK(dx[i] == byRow[i]);
  softmaxCrossEntropyBackward(dx, dLogits, Array({10}), target, 3, 2, kIgnore);
  const std::vector<float> byOne{10, 20, 0, 0, 50, 60};
  for (size_t i = 0; i < 6; ++i) CHECK(dx[i] == byOne[i]);
}

TEST_CASE("softmaxCrossEntropy: forward rejects other lengths and bad values, and writes nothing") {
  struct Arguments {
    size_t loss = 2, rowWeight = 2;
    std::optional<size_t> dLogits = 6;
    size_t logits = 6;
    std::vector<std::int32_t> target{0, 2};
    size_t weight = 3;
    double smoothing = 0;
  };
  const auto run = [](const Arguments& given) {
    Array loss(given.loss), rowWeight(given.rowWeight), dLogits(given.dLogits.value_or(0));
    const Array logits(given.logits), weight(given.weight);
    try {
      softmaxCrossEntropyForward(loss, rowWeight, given.dLogits ? OptionalOut(dLogits) : std::nullopt, logits,
                                 given.target, weight, 2, 3, kIgnore, given.smoothing);
    } catch (...) {
      CHECK(loss.untouched());
      CHECK(rowWeight.untouched());
      CHECK(dLogits.untouched());
      throw;
    }
  };
  CHECK_REJECTS(run({.loss = 3}), "softmaxCrossEntropyForward: loss has 3 elements, expected rows = 2");
  CHECK_REJECTS(run({.rowWeight = 1}), "softmaxCrossEntropyForward: rowWeight has 1 elements, expected rows = 2");
  CHECK_REJECTS(run({.dLogits = 5}),
                "softmaxCrossEntropyForward: dLogits has 5 elements, expected rows * cols = 2 * 3 = 6");
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
  Array loss(1), rowWeight(1), none(0);
  const std::vector<std::int32_t> target{0}, ignored{static_cast<std::int32_t>(kIgnore)};
  CHECK_REJECTS(softmaxCrossEntropyForward(loss, rowWeight, none, none, target, std::nullopt, 1, 0, kIgnore, 0),
                "softmaxCrossEntropyForward: target[0] is 0, but there are no columns");
  CHECK_NOTHROW(softmaxCrossEntropyForward(loss, rowWeight, none, none, ignored, std::nullopt, 1, 0, kIgnore, 0));
  CHECK(loss[0] == 0);
}

TEST_CASE("softmaxCrossEntropy: backward rejects other lengths, and writes nothing") {
  const Array two(2), three(3), five(5), six(6);
  const std::vector<std::int32_t> target{0, 1};
  Array dx(6);
  CHECK_REJECTS(softmaxCrossEntropyBackward(dx, six, two, target, 2, 2, kIgnore),
                "softmaxCrossEntropyBackward: dx has 6 elements, expected rows * cols = 2 * 2 = 4");
  CHECK_REJECTS(softmaxCrossEntropyBackward(dx, five, two, target, 2, 3, kIgnore),
                "softmaxCrossEntropyBackward: dLogits has 5 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(softmaxCrossEntropyBackward(dx, six, three, target, 2, 3, kIgnore),
                "softmaxCrossEntropyBackward: scale has 3 elements, expected rows = 2");
  CHECK_REJECTS(softmaxCrossEntropyBackward(dx, six, two, target, 3, 2, kIgnore),
                "softmaxCrossEntropyBackward: target has 2 elements, expected rows = 3");
  CHECK(dx.untouched());
}

}  // namespace evenkeel::test
