#include "kernels/blocks.h"

#include <algorithm>

#include "kernels/elements.h"

namespace evenkeel {
namespace {

// The last block must end inside the array.
void checkBlocks(const Checks& checks, const char* name, size_t size, size_t start, size_t step, size_t count,
                 size_t length) {
  if (count == 0) return;
  size_t end = 0;
  const bool fits = !__builtin_mul_overflow(count - 1, step, &end) && !__builtin_add_overflow(end, start, &end) &&
                    !__builtin_add_overflow(end, length, &end);
  if (fits && end <= size) return;
  checks.fail("%s has %zu elements, the blocks reach beyond", name, size);
}

}  // namespace

void copyBlocks(OutElements y, InElements x, size_t yStart, size_t yStep, size_t xStart, size_t xStep, size_t count,
                size_t length) {
  const Checks checks("copyBlocks");
  checkBlocks(checks, "y", lengthOf(y), yStart, yStep, count, length);
  checkBlocks(checks, "x", lengthOf(x), xStart, xStep, count, length);
  asConverted(checks, y, x, [&](auto to, auto from) {
    using To = typename decltype(to)::element_type;
    for (size_t i = 0; i < count; ++i) {
      const auto block = from.subspan(xStart + i * xStep, length);
      std::ranges::transform(block, to.begin() + static_cast<std::ptrdiff_t>(yStart + i * yStep),
                             [](auto value) { return static_cast<To>(value); });
    }
  });
}

}  // namespace evenkeel
