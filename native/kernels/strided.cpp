#include "kernels/strided.h"

#include <algorithm>

namespace evenkeel {
namespace {

template <size_t inputs>
using Inputs = std::array<StridedIn, inputs>;

// Copies shape and strides before it checks them: whoever else writes to their memory, the walk stays inside.
template <size_t inputs>
Walk<inputs> takeWalk(const Checks& checks, InIntegers shape, const Inputs<inputs>& given) {
  if (shape.size() > kMaxRank) checks.fail("shape has %zu dimensions, expected at most %zu", shape.size(), kMaxRank);
  for (const StridedIn& input : given) {
    if (input.strides.size() == shape.size()) continue;
    checks.fail("%s has %zu elements, expected shape.length = %zu", input.stridesName, input.strides.size(),
                shape.size());
  }
  const auto notNegative = [&](const char* name, size_t dim, std::int32_t value) {
    if (value < 0) checks.fail("%s[%zu] is %d, expected at least 0", name, dim, value);
    return static_cast<size_t>(value);
  };
  Walk<inputs> walk{.size = 0, .rank = shape.size(), .shape = {}, .strides = {}};
  for (size_t dim = 0; dim < walk.rank; ++dim) {
    walk.shape[dim] = notNegative("shape", dim, shape[dim]);
    for (size_t i = 0; i < inputs; ++i) {
      walk.strides[dim][i] = notNegative(given[i].stridesName, dim, given[i].strides[dim]);
    }
  }
  return walk;
}

void checkOutput(const Checks& checks, size_t size, const size_t* shape, size_t rank) {
  std::array<Factor, kMaxRank> factors{};
  for (size_t dim = 0; dim < rank; ++dim) factors[dim] = {nullptr, shape[dim]};
  checks.length("y", size, std::span<const Factor>(factors.data(), rank));
}

// The farthest element must exist. Lengths and strides are below 2^31, so a product cannot overflow, nor can a sum that
// is compared with the size of an array at each step.
template <size_t inputs>
void checkReach(const Checks& checks, const Walk<inputs>& walk, const Inputs<inputs>& given) {
  for (size_t i = 0; i < inputs; ++i) {
    size_t last = 0;
    for (size_t dim = 0; dim < walk.rank && last < given[i].length; ++dim) {
      last += (walk.shape[dim] - 1) * walk.strides[dim][i];
    }
    if (last < given[i].length) continue;
    checks.fail("%s has %zu elements, its strides reach element %zu", given[i].name, given[i].length, last);
  }
}

// Drops dimensions of length 1, and merges each dimension with the next where all inputs step evenly across the two.
template <size_t inputs>
void merge(Walk<inputs>& walk) {
  size_t rank = 0;
  for (size_t dim = 0; dim < walk.rank; ++dim) {
    const size_t length = walk.shape[dim];
    if (length == 1) continue;
    bool even = rank > 0;
    for (size_t i = 0; i < inputs && even; ++i) even = walk.strides[rank - 1][i] == length * walk.strides[dim][i];
    if (!even) ++rank;
    walk.shape[rank - 1] = even ? walk.shape[rank - 1] * length : length;
    walk.strides[rank - 1] = walk.strides[dim];
  }
  if (rank == 0) walk.shape[rank++] = 1;
  walk.rank = rank;
}

template <size_t inputs>
Walk<inputs> plan(const Checks& checks, size_t size, InIntegers shape, const Inputs<inputs>& given) {
  Walk<inputs> walk = takeWalk(checks, shape, given);
  checkOutput(checks, size, walk.shape.data(), walk.rank);
  walk.size = size;
  if (walk.size == 0) return walk;
  checkReach(checks, walk, given);
  merge(walk);
  return walk;
}

}  // namespace

Walk<1> planWalk(const Checks& checks, size_t size, InIntegers shape, const StridedIn& x) {
  return plan<1>(checks, size, shape, {x});
}

Walk<2> planWalk(const Checks& checks, size_t size, InIntegers shape, const StridedIn& a, const StridedIn& b) {
  return plan<2>(checks, size, shape, {a, b});
}

}  // namespace evenkeel
