#pragma once
#include <algorithm>
#include <vector>

#include "kernels/buffer.h"

namespace evenkeel {

// The sums over rows that make up a gradient, one array for each group of rows: what a group adds must not depend on
// which thread comes first.
class PartialSums {
 public:
  PartialSums(OptionalOut total, size_t groups) : total_(total), groups_(groups) {
    if (!total_) return;
    std::fill(total_->begin(), total_->end(), 0.0f);
    if (groups_ > 1) others_.resize((groups_ - 1) * total_->size());
  }

  // The first group adds to the total itself.
  float* operator[](size_t group) {
    if (!total_) return nullptr;
    return group == 0 ? total_->data() : others_.data() + (group - 1) * total_->size();
  }

  // In double precision.
  void addUp() {
    if (!total_ || groups_ <= 1) return;
    std::vector<double> totals(total_->begin(), total_->end());
    for (size_t group = 1; group < groups_; ++group) {
      const float* sums = (*this)[group];
      for (size_t c = 0; c < totals.size(); ++c) totals[c] += static_cast<double>(sums[c]);
    }
    std::transform(totals.begin(), totals.end(), total_->begin(), [](double sum) { return static_cast<float>(sum); });
  }

 private:
  OptionalOut total_;
  size_t groups_;
  std::vector<float> others_;
};

}  // namespace evenkeel
