#pragma once
#include <algorithm>

#include "kernels/buffer.h"
#include "kernels/scratch.h"

namespace evenkeel {

// Adds up the sums of some groups of rows, which lie `stride` apart, and rounds them.
inline void addUpGroups(OptionalOut total, const double* sums, size_t groups, size_t stride) {
  for (size_t c = 0; total && c < total->size(); ++c) {
    double sum = 0;
    for (size_t group = 0; group < groups; ++group) sum += sums[group * stride + c];
    (*total)[c] = static_cast<float>(sum);
  }
}

// The sums over rows that make up a gradient, one array for each group of rows: what a group adds must not depend on
// which thread comes first.
class PartialSums {
 public:
  PartialSums(OptionalOut total, size_t groups)
      : total_(total), groups_(total ? groups : 0), others_(groups_ > 1 ? (groups_ - 1) * total->size() : 0) {
    if (total_) std::fill(total_->begin(), total_->end(), 0.0f);
  }

  // The first group adds to the total itself.
  float* operator[](size_t group) {
    if (!total_) return nullptr;
    return group == 0 ? total_->data() : others_.data() + (group - 1) * total_->size();
  }

  // In double precision.
  void addUp() {
    if (groups_ <= 1) return;
    Scratch<double> totals(total_->size());
    for (size_t group = 0; group < groups_; ++group) {
      const float* sums = (*this)[group];
      for (size_t c = 0; c < totals.size(); ++c) totals[c] += static_cast<double>(sums[c]);
    }
    std::transform(totals.begin(), totals.end(), total_->begin(), [](double sum) { return static_cast<float>(sum); });
  }

 private:
  OptionalOut total_;
  size_t groups_;
  Scratch<float> others_;
};

}  // namespace evenkeel
