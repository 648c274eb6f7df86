#pragma once
#include <algorithm>
#include <vector>

#include "kernels/buffer.h"

namespace evenkeel {

// The sums over rows that make up a gradient, one array for each group of rows: what a group adds must not depend on
// which thread comes first.
class PartialSums {
 public:
  PartialSums(OptionalOut total, size_t rows, size_t rowsAtOnce)
      : total_(total), groups_((rows + rowsAtOnce - 1) / rowsAtOnce) {
    if (!total_) return;
    std::fill(total_->begin(), total_->end(), 0.0f);
    if (groups_ > 1) others_.resize((groups_ - 1) * total_->size());
  }

  // The first group adds to the total itself.
  float* of(size_t group) {
    if (!total_) return nullptr;
    return group == 0 ? total_->data() : others_.data() + (group - 1) * total_->size();
  }

  void addUp() {
    for (size_t group = 1; total_ && group < groups_; ++group) {
      const float* sums = of(group);
      for (size_t c = 0; c < total_->size(); ++c) (*total_)[c] += sums[c];
    }
  }

 private:
  OptionalOut total_;
  size_t groups_;
  std::vector<float> others_;
};

}  // namespace evenkeel
