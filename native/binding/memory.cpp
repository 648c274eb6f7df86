#include "binding/memory.h"

#include <algorithm>
#include <limits>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace evenkeel {

void keepFreedMemory([[maybe_unused]] size_t bytes) {
#ifdef __GLIBC__
  const int threshold = static_cast<int>(std::min<size_t>(bytes, std::numeric_limits<int>::max()));
  // Larger blocks than the first get memory of their own, which goes back as they are freed.
  mallopt(M_MMAP_THRESHOLD, threshold);
  mallopt(M_TRIM_THRESHOLD, threshold);
#endif
}

}  // namespace evenkeel
