#include "kernels/nll_loss.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

constexpr std::int64_t kIgnore = -100;

// Targets that walk through the classes, with every fifth one ignored.
std::vector<std::int32_t> targetsFor(size_t rows, size_t cols) {
  std::vector<std::int32_t> target(rows);
  for (size_t r = 0; r < rows; ++r) {
    target[r] = r % 5 == 4 || cols == 0 ? static_cast<std::int32_t>(kIgnore) : static_cast<std::int32_t>(7 * r % cols);
  }
  return target;
}

void checkNllLoss(size_t outer, size_t cols, size_t inner, bool weighted) {
  CAPTURE(outer);
  CAPTURE(cols);
  CAPTURE(inner);
  CAPTURE(weighted);
  const size_t rows = outer * inner;
  const Array x = normal(rows * cols), weight = normal(cols, 1, 0.2f, 2);
  std::vector<double> scale;
  for (const float value : normal(rows, 0, 1, 3)) scale.push_back(0.1 * static_cast<double>(value));
  const std::vector<std::int32_t> target = targetsFor(rows, cols);
  Array losses(rows), dx(rows * cols), dxOfOne(rows * cols);
  std::vector<double> totals(2), totalsAlone(2);
  const OptionalIn given = weighted ? OptionalIn(weight) : std::nullopt;
  nllLossForward(losses, totals, x, target, given, outer, cols, inner, kIgnore);
  nllLossForward(std::nullopt, totalsAlone, x, target, given, outer, cols, inner, kIgnore);
  nllLossBackward(dx, scale, target, given, outer, cols, inner, kIgnore);
  nllLossBackward(dxOfOne, std::vector<double>{0.3}, target, given, outer, cols, inner, kIgnore);

  double total = 0, totalWeight = 0;
  for (size_t row = 0; row < rows; ++row) {
    const bool ignored = target[row] == kIgnore;
    const size_t t = ignored ? 0 : static_cast<size_t>(target[row]);
    const auto at = [&](size_t c) { return (row / inner * cols + c) * inner + row % inner; };
    const double w = ignored ? 0 : weighted ? weight.at(t) : 1;
    const double loss = ignored ? 0 : -w * x.at(at(t));
    CHECK(losses[row] == static_cast<float>(loss));
    total += loss;
    totalWeight += w;
    for (size_t c = 0; c < cols; ++c) {
      CHECK(dx[at(c)] == (c == t ? static_cast<float>(-w * scale[row]) : 0));
      CHECK(dxOfOne[at(c)] == (c == t ? static_cast<float>(-w * 0.3) : 0));
    }
  }
  CHECK(totals == std::vector<double>{total, totalWeight});
  CHECK(totalsAlone == totals);
}

}  // namespace

TEST_CASE("nllLoss: forward and backward, at every size") {
  for (const size_t rows : kRows) {
    for (const size_t inner : {size_t{0}, size_t{1}, size_t{3}}) {
      for (const size_t cols : {size_t{0}, size_t{1}, size_t{2}, size_t{17}}) {
        for (const bool weighted : {false, true}) checkNllLoss(rows, cols, inner, weighted);
      }
    }
  }
}

TEST_CASE("nllLoss: an ignored target is 0 whatever its row and the scale hold, and ignoreIndex may be a class") {
  const std::vector<std::int32_t> target{1};
  Array losses(1), dx(2);
  std::vector<double> totals(2, 7);
  nllLossForward(losses, totals, Array({kNan, kInfinity}), target, std::nullopt, 1, 2, 1, 1);
  nllLossBackward(dx, std::vector<double>{static_cast<double>(kNan)}, target, std::nullopt, 1, 2, 1, 1);
  CHECK(losses[0] == 0);
  CHECK(totals == std::vector<double>{0, 0});
  CHECK(dx[0] == 0);
  CHECK(dx[1] == 0);
}

TEST_CASE("nllLoss: rejects other lengths and targets that are no class, and writes nothing") {
  const Array x(6), two(2);
  const std::vector<double> one(1), three(3);
  const std::vector<std::int32_t> target{0, 1}, wrong{0, 3}, negative{-1, 0};
  Array losses(2), dx(6), short_(1);
  std::vector<double> totals(2, 7), shortTotals(1, 7);
  CHECK_REJECTS(nllLossForward(short_, totals, x, target, std::nullopt, 2, 3, 1, kIgnore),
                "nllLossForward: losses has 1 elements, expected outer * inner = 2 * 1 = 2");
  CHECK_REJECTS(nllLossForward(losses, shortTotals, x, target, std::nullopt, 2, 3, 1, kIgnore),
                "nllLossForward: totals has 1 elements, expected 2");
  CHECK_REJECTS(nllLossForward(losses, totals, x, target, two, 2, 3, 1, kIgnore),
                "nllLossForward: weight has 2 elements, expected cols = 3");
  CHECK_REJECTS(nllLossForward(losses, totals, x, wrong, std::nullopt, 2, 3, 1, kIgnore),
                "nllLossForward: target[1] is 3, expected 0 to 2, or ignoreIndex = -100");
  CHECK_REJECTS(nllLossForward(losses, totals, Array(0), target, std::nullopt, 2, 0, 1, kIgnore),
                "nllLossForward: target[0] is 0, but there are no columns");
  CHECK_REJECTS(nllLossBackward(dx, three, target, std::nullopt, 2, 3, 1, kIgnore),
                "nllLossBackward: scale has 3 elements, expected outer * inner = 2 * 1 = 2");
  CHECK_REJECTS(nllLossBackward(dx, one, target, two, 2, 3, 1, kIgnore),
                "nllLossBackward: weight has 2 elements, expected cols = 3");
  CHECK_REJECTS(nllLossBackward(dx, one, negative, std::nullopt, 2, 3, 1, kIgnore),
                "nllLossBackward: target[0] is -1, expected 0 to 2, or ignoreIndex = -100");
  CHECK(losses.untouched());
  CHECK(totals == std::vector<double>{7, 7});
  CHECK(dx.untouched());
}

}  // namespace evenkeel::test
