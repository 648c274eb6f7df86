#include "kernels/arithmetic.h"

#include <array>
#include <functional>
#include <numeric>

#include "test/support.h"

namespace evenkeel::test {
namespace {

using Integers = std::vector<std::int32_t>;

size_t sizeOf(const Integers& shape) {
  return std::accumulate(shape.begin(), shape.end(), size_t{1},
                         [](size_t n, int d) { return n * static_cast<size_t>(d); });
}

// Where element i of a dense array of the given shape is in a strided one.
size_t offsetOf(size_t i, const Integers& shape, const Integers& strides) {
  size_t offset = 0;
  for (size_t dim = shape.size(); dim-- > 0;) {
    offset += i % static_cast<size_t>(shape[dim]) * static_cast<size_t>(strides[dim]);
    i /= static_cast<size_t>(shape[dim]);
  }
  return offset;
}

// The least length that the strides stay inside of.
size_t reachOf(const Integers& shape, const Integers& strides) {
  return sizeOf(shape) == 0 ? 0 : offsetOf(sizeOf(shape) - 1, shape, strides) + 1;
}

void checkStrided(const Integers& shape, const Integers& aStrides, const Integers& bStrides) {
  const Array a = normal(reachOf(shape, aStrides)), b = normal(reachOf(shape, bStrides), 3, 1, 2);
  const size_t n = sizeOf(shape);
  Array sum(n), difference(n), product(n), quotient(n), copy(n);
  add(sum, a, b, shape, aStrides, bStrides);
  sub(difference, a, b, shape, aStrides, bStrides);
  mul(product, a, b, shape, aStrides, bStrides);
  div(quotient, a, b, shape, aStrides, bStrides);
  copyStrided(copy, a, shape, aStrides);
  for (size_t i = 0; i < n; ++i) {
    const float v = a[offsetOf(i, shape, aStrides)], w = b[offsetOf(i, shape, bStrides)];
    CHECK(sum[i] == v + w);
    CHECK(difference[i] == v - w);
    CHECK(product[i] == v * w);
    CHECK(quotient[i] == v / w);
    CHECK(copy[i] == v);
  }
}

}  // namespace

TEST_CASE("arithmetic: one dimension, with every pair of strides, at every size") {
  for (const size_t n : kSizes) {
    CAPTURE(n);
    const Integers shape{static_cast<std::int32_t>(n)};
    for (const int a : {0, 1, 3}) {
      for (const int b : {0, 1, 2}) checkStrided(shape, {a}, {b});
    }
  }
  checkStrided({1000}, {2}, {1});
}

TEST_CASE("arithmetic: broadcasting, transposition and slices") {
  checkStrided({}, {}, {});
  checkStrided({1, 1}, {5, 7}, {0, 0});
  checkStrided({5, 33}, {33, 1}, {0, 1});
  checkStrided({5, 33}, {1, 0}, {33, 1});
  checkStrided({5, 33}, {1, 5}, {33, 1});
  checkStrided({5, 33}, {0, 0}, {0, 0});
  checkStrided({2, 3, 4}, {12, 4, 1}, {12, 4, 1});
  checkStrided({2, 3, 4}, {12, 4, 1}, {4, 0, 1});
  checkStrided({2, 3, 4}, {1, 2, 6}, {0, 4, 1});
  checkStrided({2, 1, 3, 1, 4}, {12, 0, 4, 9, 1}, {3, 1, 1, 1, 0});
  checkStrided({4, 5, 3}, {30, 6, 2}, {0, 3, 1});
  checkStrided({0, 3}, {3, 1}, {0, 1});
  checkStrided({3, 0}, {0, 1}, {0, 1});
}

TEST_CASE("arithmetic: as many dimensions as there may be") {
  Integers strides(16);
  for (size_t dim = 0; dim < 16; ++dim) strides[dim] = 1 << (dim / 2);
  checkStrided({1, 2, 1, 2, 2, 1, 2, 1, 2, 2, 1, 1, 2, 1, 2, 2}, strides, Integers(16, 0));
  Array y(1);
  CHECK_REJECTS(copyStrided(y, Array({1}), Integers(17, 1), Integers(17, 1)),
                "copyStrided: shape has 17 dimensions, expected at most 16");
}

TEST_CASE("arithmetic: empty inputs are fine where nothing is read") {
  const Array none(0);
  Array y(0);
  CHECK_NOTHROW(add(y, none, none, Integers{2, 0}, Integers{1, 1}, Integers{0, 0}));
}

TEST_CASE("arithmetic: rejects what would reach outside, and writes nothing") {
  const Array four(4);
  Array y(4);
  const auto run = [&](const Integers& shape, const Integers& aStrides, const Integers& bStrides) {
    add(y, four, four, shape, aStrides, bStrides);
  };
  const Integers shape{2, 2}, dense{2, 1};
  CHECK_REJECTS(run({2, 3}, {3, 1}, {3, 1}), "add: y has 4 elements, expected 2 * 3 = 6");
  CHECK_REJECTS(run({}, {}, {}), "add: y has 4 elements, expected 1");
  CHECK_REJECTS(run(shape, {2, 2}, dense), "add: a has 4 elements, its strides reach element 4");
  CHECK_REJECTS(run(shape, dense, {3, 1}), "add: b has 4 elements, its strides reach element 4");
  CHECK_REJECTS(run(shape, {1}, dense), "add: aStrides has 1 elements, expected shape.length = 2");
  CHECK_REJECTS(run(shape, dense, {1, 1, 1}), "add: bStrides has 3 elements, expected shape.length = 2");
  CHECK_REJECTS(run(shape, {-2, 1}, dense), "add: aStrides[0] is -2, expected at least 0");
  CHECK_REJECTS(run(shape, dense, {2, -1}), "add: bStrides[1] is -1, expected at least 0");
  CHECK_REJECTS(run({-2, -2}, dense, dense), "add: shape[0] is -2, expected at least 0");
  CHECK_REJECTS(copyStrided(y, four, Integers{4}, Integers{2}),
                "copyStrided: x has 4 elements, its strides reach element 6");
  CHECK_REJECTS(copyStrided(y, four, Integers{4}, Integers{}),
                "copyStrided: strides has 0 elements, expected shape.length = 1");
  CHECK(y.untouched());
}

TEST_CASE("arithmetic: rejects shapes and strides that overflow") {
  const std::int32_t most = 2147483647;
  const Array one({1}), none(0);
  Array y(0);
  CHECK_REJECTS(
      copyStrided(y, one, Integers{most, most, most}, Integers{0, 0, 0}),
      "copyStrided: y has 0 elements, expected 2147483647 * 2147483647 * 2147483647 = more than can be counted");
  // A factor of 0 makes the whole product 0.
  CHECK_NOTHROW(copyStrided(y, none, Integers{most, most, most, 0}, Integers{1, 1, 1, 1}));
  Array two(2);
  CHECK_REJECTS(copyStrided(two, one, Integers{2, 1}, Integers{most, most}),
                "copyStrided: x has 1 elements, its strides reach element 2147483647");
}

}  // namespace evenkeel::test
