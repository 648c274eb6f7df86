#include "kernels/class_index.h"

namespace evenkeel {

size_t checkClassIndex(const Checks& checks, size_t row, std::int32_t target, size_t cols, std::int64_t ignoreIndex) {
  if (target >= 0 && static_cast<size_t>(target) < cols) return static_cast<size_t>(target);
  if (cols == 0) checks.fail("target[%zu] is %d, but there are no columns", row, target);
  checks.fail("target[%zu] is %d, expected 0 to %zu, or ignoreIndex = %lld", row, target, cols - 1,
              static_cast<long long>(ignoreIndex));
}

void checkClassIndices(const Checks& checks, InIntegers target, size_t cols, std::int64_t ignoreIndex) {
  for (size_t row = 0; row < target.size(); ++row) {
    if (target[row] != ignoreIndex) checkClassIndex(checks, row, target[row], cols, ignoreIndex);
  }
}

}  // namespace evenkeel
