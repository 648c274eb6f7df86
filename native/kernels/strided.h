#pragma once
#include <array>

#include "kernels/buffer.h"

// Strided views: element (i0, i1, ...) is at i0 * strides[0] + i1 * strides[1] + ...; a stride of 0 repeats.
namespace evenkeel {

constexpr size_t kMaxRank = 16;

// A strided input as a kernel is given it.
struct StridedIn {
  const char* name;
  // How many elements there are.
  size_t length;
  const char* stridesName;
  InIntegers strides;
};

// The walk through a dense output of some shape and the strided inputs beside it. Checked: every offset lies inside its
// array. The dimensions of length 1 are dropped, and those that can be walked as one are merged.
template <size_t inputs>
struct Walk {
  size_t size;  // of the output
  size_t rank;  // at least 1
  std::array<size_t, kMaxRank> shape;
  std::array<std::array<size_t, inputs>, kMaxRank> strides;

  size_t rowLength() const { return shape[rank - 1]; }
  const std::array<size_t, inputs>& rowStrides() const { return strides[rank - 1]; }

  // Calls row(offset in the output, offsets in the inputs) for each row, i.e. stretch along the last dimension.
  template <class Row>
  void eachRow(const Row& row) const {
    std::array<size_t, kMaxRank> index{};
    std::array<size_t, inputs> at{};
    for (size_t done = 0; done < size; done += rowLength()) {
      row(done, at);
      for (size_t dim = rank - 1; dim-- > 0;) {
        const bool wraps = ++index[dim] == shape[dim];
        const size_t back = wraps ? shape[dim] : 0;
        for (size_t i = 0; i < inputs; ++i) at[i] = at[i] + strides[dim][i] - back * strides[dim][i];
        if (!wraps) break;
        index[dim] = 0;
      }
    }
  }
};

// Calls element(i, a[i'], b[i']) for each element of the output.
template <typename T, class Element>
void eachPair(std::span<const T> a, std::span<const T> b, const Walk<2>& walk, const Element& element) {
  const std::array<size_t, 2>& strides = walk.rowStrides();
  walk.eachRow([&](size_t start, const std::array<size_t, 2>& at) {
    for (size_t i = 0; i < walk.rowLength(); ++i) {
      element(start + i, a[at[0] + i * strides[0]], b[at[1] + i * strides[1]]);
    }
  });
}

// Checks the arguments of a kernel, whose output y has `size` elements, and plans its walk.
Walk<1> planWalk(const Checks& checks, size_t size, InIntegers shape, const StridedIn& x);
Walk<2> planWalk(const Checks& checks, size_t size, InIntegers shape, const StridedIn& a, const StridedIn& b);

}  // namespace evenkeel
