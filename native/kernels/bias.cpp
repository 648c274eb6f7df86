#include "kernels/bias.h"

#include <algorithm>

#include "kernels/reduce.h"

namespace evenkeel {

void biasForward(Out y, In bias, size_t rows, size_t cols) {
  const Checks checks("biasForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("bias", bias, {{"cols", cols}});
  if (cols == 0) return;
  for (size_t r = 0; r < rows; ++r)
    std::copy(bias.begin(), bias.end(), y.begin() + static_cast<std::ptrdiff_t>(r * cols));
}

void biasBackward(Out dBias, In dy, size_t rows, size_t cols) {
  const Checks checks("biasBackward");
  checks.length("dBias", dBias, {{"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  sum(dBias, dy, 1, rows, cols);
}

}  // namespace evenkeel
