#pragma once
#include <cstdint>

#include "kernels/buffer.h"
#include "kernels/scratch.h"

namespace evenkeel {

// The sums over rows that make up a gradient, one array for each group of rows: what a group adds must not depend on
// which thread comes first. Each begins on a line of the cache, so that no vector lies across two.
class PartialSums {
 public:
  PartialSums(OptionalOut total, size_t groups)
      : total_(total),
        groups_(total ? groups : 0),
        stride_(total ? (total->size() + kLine - 1) / kLine * kLine : 0),
        sums_(groups_ * stride_ + kLine) {
    const std::uintptr_t before = reinterpret_cast<std::uintptr_t>(sums_.data()) / sizeof(double) % kLine;
    first_ = sums_.data() + (kLine - before) % kLine;
  }

  // Null where the gradient is absent.
  double* operator[](size_t group) { return total_ ? first_ + group * stride_ : nullptr; }

  OptionalOut total() const { return total_; }
  size_t groups() const { return groups_; }

 private:
  static constexpr size_t kLine = 64 / sizeof(double);

  OptionalOut total_;
  size_t groups_;
  size_t stride_;
  Scratch<double> sums_;
  double* first_;
};

}  // namespace evenkeel
