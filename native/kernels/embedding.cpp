#include "kernels/embedding.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/embedding.cpp"
#include "hwy/foreach_target.h"
#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void addRow(float* total, const float* row, size_t cols) {
  map(
      total, cols, [](Vector a, Vector b) VECTOR_CODE { return hn::Add(a, b); }, static_cast<const float*>(total), row);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(addRow);

size_t checkIndex(const Checks& checks, size_t i, std::int32_t index, size_t rows) {
  if (index >= 0 && static_cast<size_t>(index) < rows) return static_cast<size_t>(index);
  if (rows == 0) checks.fail("indices[%zu] is %d, but there are no rows", i, index);
  checks.fail("indices[%zu] is %d, expected 0 to %zu", i, index, rows - 1);
}

void checkIndices(const Checks& checks, InIntegers indices, size_t rows) {
  for (size_t i = 0; i < indices.size(); ++i) checkIndex(checks, i, indices[i], rows);
}

}  // namespace

// Indices are checked twice: before anything is written, and where they are used, since another thread may have written
// to a shared array in between.
void embeddingForward(Out y, In weight, InIntegers indices, size_t rows, size_t cols) {
  const Checks checks("embeddingForward");
  checks.length("y", y, {{"indices.length", indices.size()}, {"cols", cols}});
  checks.length("weight", weight, {{"rows", rows}, {"cols", cols}});
  checkIndices(checks, indices, rows);
  for (size_t i = 0; i < indices.size(); ++i) {
    const size_t row = checkIndex(checks, i, indices[i], rows);
    std::copy_n(weight.data() + row * cols, cols, y.data() + i * cols);
  }
}

void embeddingBackward(Out dWeight, In dy, InIntegers indices, size_t rows, size_t cols, std::int64_t paddingIdx) {
  const Checks checks("embeddingBackward");
  checks.length("dWeight", dWeight, {{"rows", rows}, {"cols", cols}});
  checks.length("dy", dy, {{"indices.length", indices.size()}, {"cols", cols}});
  checkIndices(checks, indices, rows);
  std::fill(dWeight.begin(), dWeight.end(), 0.0f);
  for (size_t i = 0; i < indices.size(); ++i) {
    const std::int32_t index = indices[i];
    if (index == paddingIdx) continue;
    const size_t row = checkIndex(checks, i, index, rows);
    HWY_DYNAMIC_DISPATCH(addRow)(dWeight.data() + row * cols, dy.data() + i * cols, cols);
  }
}

}  // namespace evenkeel
#endif
