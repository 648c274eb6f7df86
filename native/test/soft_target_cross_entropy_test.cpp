#include "kernels/soft_target_cross_entropy.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

// The expected values are off by what log and exp lose of large logits.
constexpr double kOnce = 1.0001;

struct Gradients {
  explicit Gradients(size_t rows, size_t cols) : dLogits(rows * cols), dTarget(rows * cols), dWeight(cols) {}

  Array dLogits, dTarget, dWeight;
};

void checkSoftTargets(size_t rows, size_t cols, bool weighted, double smoothing) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(weighted);
  CAPTURE(smoothing);
  const Array logits = normal(rows * cols, 0, 3), target = normal(rows * cols, 0.5f, 0.2f, 2);
  const Array weight = weighted ? normal(cols, 1, 0.3f, 3) : std::vector<float>(cols, 1);
  const OptionalIn given = weighted ? OptionalIn(weight) : std::nullopt;
  std::vector<double> scale(rows), totals(2), exponentials(rows), totalsAlone(2);
  for (size_t r = 0; r < rows; ++r) scale[r] = 0.1 * static_cast<double>(r) - 0.3;
  Array losses(rows);
  Gradients all(rows, cols);
  softTargetCrossEntropyForward(losses, totals, exponentials, logits, target, given, rows, cols, smoothing);
  softTargetCrossEntropyForward(std::nullopt, totalsAlone, exponentials, logits, target, given, rows, cols, smoothing);
  softTargetCrossEntropyBackward(all.dLogits, all.dTarget, all.dWeight, scale, logits, exponentials, target, given,
                                 rows, cols, smoothing);
  CHECK(totals == totalsAlone);

  double total = 0;
  std::vector<double> weightSum(cols), weightSize(cols);
  for (size_t r = 0; r < rows; ++r) {
    const double lse = logSumExp(logits, r, cols);
    const auto log = [&](size_t c) { return logits.at(r * cols + c) - lse; };
    const auto q = [&](size_t c) {
      return (1 - smoothing) * target.at(r * cols + c) + smoothing / static_cast<double>(cols);
    };
    double loss = 0, size = 0, sum = 0;
    for (size_t c = 0; c < cols; ++c) {
      loss -= weight.at(c) * q(c) * log(c);
      size += std::abs(weight.at(c) * q(c) * log(c));
      sum += weight.at(c) * q(c);
      weightSum[c] -= q(c) * log(c) * scale[r];
      weightSize[c] += std::abs(q(c) * log(c) * scale[r]);
    }
    CHECK(close(losses[r], loss, kOnce, std::abs(loss) + 1e-6 * size));
    total += loss;
    for (size_t c = 0; c < cols; ++c) {
      const double p = std::exp(log(c)), g = weight.at(c) * q(c), s = scale[r];
      const double dLogit = (sum * p - g) * s, dTarget = (smoothing - 1) * weight.at(c) * log(c) * s;
      const double slack = 1e-6 * std::abs(s) * (std::abs(sum) * p + std::abs(g));
      CHECK(close(all.dLogits[r * cols + c], dLogit, kOnce, std::abs(dLogit) + slack));
      CHECK(close(all.dTarget[r * cols + c], dTarget, kOnce, std::abs(dTarget) + 1e-6));
    }
  }
  CHECK(totals[0] == doctest::Approx(total).epsilon(1e-10));
  CHECK(totals[1] == (cols == 0 ? 0 : static_cast<double>(rows)));
  for (size_t c = 0; c < cols; ++c)
    CHECK(close(all.dWeight[c], weightSum[c], kOnce, std::abs(weightSum[c]) + 1e-6 * weightSize[c]));
}

}  // namespace

TEST_CASE("softTargetCrossEntropy: forward and backward, at every size, with weights and smoothing") {
  for (const size_t rows : kRows) {
    for (const size_t cols : kSizes) {
      for (const bool weighted : {false, true}) {
        for (const double smoothing : {0.0, 0.1, 1.0}) checkSoftTargets(rows, cols, weighted, smoothing);
      }
    }
  }
}

TEST_CASE("softTargetCrossEntropy: each gradient is the same with and without the others, for one scale") {
  const size_t rows = 3, cols = 17;
  const Array logits = normal(rows * cols, 0, 3), target = normal(rows * cols, 0, 1, 2), weight = normal(cols, 0, 1, 3);
  std::vector<double> totals(2), exponentials(rows);
  const std::vector<double> one{0.3}, each(rows, 0.3);
  softTargetCrossEntropyForward(std::nullopt, totals, exponentials, logits, target, weight, rows, cols, 0.1);
  Gradients all(rows, cols), alone(rows, cols);
  const auto run = [&](OptionalOut dLogits, OptionalOut dTarget, OptionalOut dWeight, InDoubles scale) {
    softTargetCrossEntropyBackward(dLogits, dTarget, dWeight, scale, logits, exponentials, target, weight, rows, cols,
                                   0.1);
  };
  run(all.dLogits, all.dTarget, all.dWeight, each);
  run(alone.dLogits, std::nullopt, std::nullopt, one);
  run(std::nullopt, alone.dTarget, std::nullopt, one);
  run(std::nullopt, std::nullopt, alone.dWeight, one);
  for (size_t i = 0; i < rows * cols; ++i) {
    CHECK(alone.dLogits[i] == all.dLogits[i]);
    CHECK(alone.dTarget[i] == all.dTarget[i]);
  }
  for (size_t c = 0; c < cols; ++c) CHECK(alone.dWeight[c] == all.dWeight[c]);
}

TEST_CASE("softTargetCrossEntropy: large logits, infinities and NaN") {
  const Array logits({1e15f, 0, 0, -kInfinity, kNan, 0, 0, kInfinity}), target({0.5f, 0.5f, 1, 0, 1, 0, 0, 1});
  std::vector<double> totals(2), exponentials(4);
  Array losses(4);
  softTargetCrossEntropyForward(losses, totals, exponentials, logits, target, std::nullopt, 4, 2, 0);
  CHECK(close(losses[0], 0.5 * logits.at(0), kOnce));
  // No term is left out: 0 times the logarithm of 0.
  for (size_t r = 1; r < 4; ++r) CHECK(std::isnan(losses[r]));
  CHECK(std::isnan(totals[0]));
}

TEST_CASE("softTargetCrossEntropy: rejects other lengths and smoothing, and writes nothing") {
  const Array six(6), five(5);
  const std::vector<double> two(2), three(3);
  Array losses(2), wrong(3), out(6), dWeight(3);
  std::vector<double> totals(2, 7), exponentials(2, 7), more(3, 7);
  const auto forward = [&](OptionalOut lossesGiven, OutDoubles totalsGiven, OutDoubles exponentialsGiven, In logits,
                           In target, OptionalIn weight, double smoothing) {
    softTargetCrossEntropyForward(lossesGiven, totalsGiven, exponentialsGiven, logits, target, weight, 2, 3, smoothing);
  };
  const char* const name = "softTargetCrossEntropyForward: ";
  const auto message = [&](const char* rest) { return doctest::String(name) + rest; };
  CHECK_REJECTS(forward(wrong, totals, exponentials, six, six, std::nullopt, 0),
                message("losses has 3 elements, expected rows = 2"));
  CHECK_REJECTS(forward(losses, more, exponentials, six, six, std::nullopt, 0),
                message("totals has 3 elements, expected 2"));
  CHECK_REJECTS(forward(losses, totals, more, six, six, std::nullopt, 0),
                message("exponentials has 3 elements, expected rows = 2"));
  CHECK_REJECTS(forward(losses, totals, exponentials, five, six, std::nullopt, 0),
                message("logits has 5 elements, expected rows * cols = 2 * 3 = 6"));
  CHECK_REJECTS(forward(losses, totals, exponentials, six, five, std::nullopt, 0),
                message("target has 5 elements, expected rows * cols = 2 * 3 = 6"));
  CHECK_REJECTS(forward(losses, totals, exponentials, six, six, five, 0),
                message("weight has 5 elements, expected cols = 3"));
  CHECK_REJECTS(forward(losses, totals, exponentials, six, six, std::nullopt, 1.5),
                message("labelSmoothing is 1.5, expected 0 to 1"));
  CHECK(losses.untouched());
  CHECK(totals == std::vector<double>(2, 7));
  CHECK(exponentials == std::vector<double>(2, 7));

  const auto backward = [&](OptionalOut dLogits, OptionalOut dTarget, OptionalOut dWeightGiven, InDoubles scale,
                            InDoubles kept) {
    softTargetCrossEntropyBackward(dLogits, dTarget, dWeightGiven, scale, six, kept, six, std::nullopt, 2, 3, 0);
  };
  CHECK_REJECTS(backward(wrong, out, dWeight, two, two),
                "softTargetCrossEntropyBackward: dLogits has 3 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(backward(out, wrong, dWeight, two, two),
                "softTargetCrossEntropyBackward: dTarget has 3 elements, expected rows * cols = 2 * 3 = 6");
  CHECK_REJECTS(backward(out, std::nullopt, losses, two, two),
                "softTargetCrossEntropyBackward: dWeight has 2 elements, expected cols = 3");
  CHECK_REJECTS(backward(out, std::nullopt, dWeight, three, two),
                "softTargetCrossEntropyBackward: scale has 3 elements, expected rows = 2");
  CHECK_REJECTS(backward(out, std::nullopt, dWeight, two, three),
                "softTargetCrossEntropyBackward: exponentials has 3 elements, expected rows = 2");
  CHECK(out.untouched());
  CHECK(dWeight.untouched());
}

}  // namespace evenkeel::test
