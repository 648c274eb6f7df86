#pragma once
#include "kernels/parallel.h"

namespace evenkeel::test {

// Sets the number of threads until the end of its scope.
struct ThreadCount {
  explicit ThreadCount(size_t count) { setNumThreads(count); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;
  ~ThreadCount() { setNumThreads(1); }
};

}  // namespace evenkeel::test
