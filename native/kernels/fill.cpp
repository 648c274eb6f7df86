#include "kernels/fill.h"

#include <algorithm>

namespace evenkeel {

void fill(Out y, size_t n, float value) {
  const Checks checks("fill");
  checks.length("y", y, {{"n", n}});
  std::ranges::fill(y, value);
}

}  // namespace evenkeel
