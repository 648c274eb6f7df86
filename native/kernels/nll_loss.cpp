#include "kernels/nll_loss.h"

#include <algorithm>

#include "kernels/class_index.h"

namespace evenkeel {

namespace {

double weightOf(OptionalIn weight, size_t index) { return weight ? static_cast<double>((*weight)[index]) : 1.0; }

}  // namespace

void nllLossForward(OptionalOut losses, OutDoubles totals, In x, InIntegers target, OptionalIn weight, size_t outer,
                    size_t cols, size_t inner, std::int64_t ignoreIndex) {
  const Checks checks("nllLossForward");
  checks.length("losses", losses, {{"outer", outer}, {"inner", inner}});
  checks.length("totals", totals, {{nullptr, 2}});
  checks.length("x", x, {{"outer", outer}, {"cols", cols}, {"inner", inner}});
  checks.length("target", target, {{"outer", outer}, {"inner", inner}});
  checks.length("weight", weight, {{"cols", cols}});
  checkClassIndices(checks, target, cols, ignoreIndex);

  double total = 0, totalWeight = 0;
  for (size_t row = 0; row < target.size(); ++row) {
    const std::int32_t t = target[row];
    if (t == ignoreIndex) {
      if (losses) (*losses)[row] = 0;
      continue;
    }
    const size_t index = checkClassIndex(checks, row, t, cols, ignoreIndex);
    const double w = weightOf(weight, index);
    const double loss = -w * static_cast<double>(x[(row / inner * cols + index) * inner + row % inner]);
    if (losses) (*losses)[row] = static_cast<float>(loss);
    total += loss;
    totalWeight += w;
  }
  totals[0] = total;
  totals[1] = totalWeight;
}

void nllLossBackward(Out dx, InDoubles scale, InIntegers target, OptionalIn weight, size_t outer, size_t cols,
                     size_t inner, std::int64_t ignoreIndex) {
  const Checks checks("nllLossBackward");
  checks.length("dx", dx, {{"outer", outer}, {"cols", cols}, {"inner", inner}});
  if (scale.size() != 1) checks.length("scale", scale, {{"outer", outer}, {"inner", inner}});
  checks.length("target", target, {{"outer", outer}, {"inner", inner}});
  checks.length("weight", weight, {{"cols", cols}});
  checkClassIndices(checks, target, cols, ignoreIndex);

  std::fill(dx.begin(), dx.end(), 0.0f);
  for (size_t row = 0; row < target.size(); ++row) {
    const std::int32_t t = target[row];
    if (t == ignoreIndex) continue;
    const size_t index = checkClassIndex(checks, row, t, cols, ignoreIndex);
    const double gradient = -weightOf(weight, index) * scale[scale.size() == 1 ? 0 : row];
    dx[(row / inner * cols + index) * inner + row % inner] = static_cast<float>(gradient);
  }
}

}  // namespace evenkeel
