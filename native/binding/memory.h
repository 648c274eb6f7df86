#pragma once
#include <cstddef>

namespace evenkeel {

// Keeps up to so many bytes of memory that was freed for what comes next, instead of giving it back to the system. New
// memory costs a page fault for every 4 KiB: with it, a large result takes longer to appear than to be computed.
// Without effect where the C library is not glibc.
void keepFreedMemory(size_t bytes);

}  // namespace evenkeel
