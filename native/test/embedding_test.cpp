#include "kernels/embedding.h"

#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("embedding: forward and backward, at every size") {
  const std::vector<std::int32_t> indices{3, 0, 3, 6, 6, 3, 1, 3, 4};
  const size_t rows = 7, count = indices.size();
  for (const size_t cols : kSizes) {
    CAPTURE(cols);
    const Array weight = normal(rows * cols), dy = normal(count * cols, 0, 1, 2);
    Array y(count * cols), dWeight(rows * cols), dPadded(rows * cols);
    embeddingForward(y, weight, indices, rows, cols);
    embeddingBackward(dWeight, dy, indices, rows, cols, -1);
    embeddingBackward(dPadded, dy, indices, rows, cols, 3);
    for (size_t i = 0; i < count * cols; ++i) {
      CHECK(y[i] == weight[static_cast<size_t>(indices[i / cols]) * cols + i % cols]);
    }
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < cols; ++c) {
        float expected = 0;
        for (size_t i = 0; i < count; ++i) expected += indices[i] == static_cast<int>(r) ? dy[i * cols + c] : 0;
        CHECK(dWeight[r * cols + c] == expected);
        CHECK(dPadded[r * cols + c] == (r == 3 ? 0 : expected));
      }
    }
  }
}

TEST_CASE("embedding: rejects other lengths and indices that are no row, and writes nothing") {
  const Array weight(6), dy(4), none(0);
  const std::vector<std::int32_t> indices{0, 2}, beyond{0, 3}, negative{-1, 0}, empty;
  Array y(4), dWeight(6);
  CHECK_REJECTS(embeddingForward(y, dy, indices, 3, 2),
                "embeddingForward: weight has 4 elements, expected rows * cols = 3 * 2 = 6");
  CHECK_REJECTS(embeddingForward(y, weight, empty, 3, 2),
                "embeddingForward: y has 4 elements, expected indices.length * cols = 0 * 2 = 0");
  CHECK_REJECTS(embeddingForward(y, weight, beyond, 3, 2), "embeddingForward: indices[1] is 3, expected 0 to 2");
  CHECK_REJECTS(embeddingForward(y, none, indices, 0, 2), "embeddingForward: indices[0] is 0, but there are no rows");
  CHECK_REJECTS(embeddingBackward(dWeight, dy, negative, 3, 2, -1),
                "embeddingBackward: indices[0] is -1, expected 0 to 2");
  CHECK_REJECTS(embeddingBackward(dWeight, weight, indices, 3, 2, 0),
                "embeddingBackward: dy has 6 elements, expected indices.length * cols = 2 * 2 = 4");
  CHECK(y.untouched());
  CHECK(dWeight.untouched());
}

}  // namespace evenkeel::test
