#include "kernels/fill.h"

#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("fill: at every size") {
  for (const size_t size : kSizes) {
    Array y(size);
    fill(y, size, 1.5f);
    for (size_t i = 0; i < size; ++i) CHECK(y[i] == 1.5f);
  }
}

TEST_CASE("fill: rejects another length") {
  Array y(2);
  CHECK_REJECTS(fill(y, 3, 1), "fill: y has 2 elements, expected n = 3");
  CHECK(y.untouched());
}

}  // namespace evenkeel::test
