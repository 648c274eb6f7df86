#include "kernels/nll_loss.h"

#include <algorithm>

#include "kernels/class_index.h"

namespace evenkeel {

void nllLossForward(Out loss, Out rowWeight, In x, InIntegers target, OptionalIn weight, size_t outer, size_t cols,
                    size_t inner, std::int64_t ignoreIndex) {
  const Checks checks("nllLossForward");
  checks.length("loss", loss, {{"outer", outer}, {"inner", inner}});
  checks.length("rowWeight", rowWeight, {{"outer", outer}, {"inner", inner}});
  checks.length("x", x, {{"outer", outer}, {"cols", cols}, {"inner", inner}});
  checks.length("target", target, {{"outer", outer}, {"inner", inner}});
  checks.length("weight", weight, {{"cols", cols}});
  checkClassIndices(checks, target, cols, ignoreIndex);

  for (size_t row = 0; row < loss.size(); ++row) {
    const std::int32_t t = target[row];
    if (t == ignoreIndex) {
      loss[row] = rowWeight[row] = 0;
      continue;
    }
    const size_t index = checkClassIndex(checks, row, t, cols, ignoreIndex);
    rowWeight[row] = weight ? (*weight)[index] : 1.0f;
    loss[row] = -rowWeight[row] * x[(row / inner * cols + index) * inner + row % inner];
  }
}

void nllLossBackward(Out dx, In scale, InIntegers target, In rowWeight, size_t outer, size_t cols, size_t inner,
                     std::int64_t ignoreIndex) {
  const Checks checks("nllLossBackward");
  checks.length("dx", dx, {{"outer", outer}, {"cols", cols}, {"inner", inner}});
  checks.length("target", target, {{"outer", outer}, {"inner", inner}});
  checks.length("rowWeight", rowWeight, {{"outer", outer}, {"inner", inner}});
  if (scale.size() != 1) checks.length("scale", scale, {{"outer", outer}, {"inner", inner}});
  checkClassIndices(checks, target, cols, ignoreIndex);

  std::fill(dx.begin(), dx.end(), 0.0f);
  for (size_t row = 0; row < target.size(); ++row) {
    const std::int32_t t = target[row];
    if (t == ignoreIndex) continue;
    const size_t index = checkClassIndex(checks, row, t, cols, ignoreIndex);
    dx[(row / inner * cols + index) * inner + row % inner] = -rowWeight[row] * scale[scale.size() == 1 ? 0 : row];
  }
}

}  // namespace evenkeel
