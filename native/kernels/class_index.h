#pragma once
#include "kernels/buffer.h"

// Class indices as targets: each lies in [0, cols), or is the one that is ignored.
namespace evenkeel {

// The index of one target. Kernels call it again where they use a target: another thread may have written to a shared
// array since, or the kernel itself to one that overlaps.
size_t checkClassIndex(const Checks& checks, size_t row, std::int32_t target, size_t cols, std::int64_t ignoreIndex);

// Rejects targets before anything is written.
void checkClassIndices(const Checks& checks, InIntegers target, size_t cols, std::int64_t ignoreIndex);

}  // namespace evenkeel
