#pragma once
#include <algorithm>
#include <cstddef>

// Work of one kernel on several threads: those of a pool that all threads of the process share.
//
// A kernel divides its work into chunks whose bounds depend on the sizes alone, so that its results are the same, to
// the bit, for every number of threads. Chunks are claimed, not dealt out: the calling thread does whatever the others
// have not begun, so that a processor busy with something else costs its share and no more.
namespace evenkeel {

using std::size_t;

// The most threads that may be asked for.
constexpr size_t kMostThreads = 1024;

// How many threads may work on one kernel, the calling one among them. 0 until set, which counts as 1.
size_t getNumThreads();

// Throws std::invalid_argument outside of 1 to kMostThreads.
void setNumThreads(size_t count);

// While one lives, its thread does work beside the threads of an application. Whoever takes part in it gives up the
// processor now and then, so that an event loop gets its turn sooner. There are at most getNumThreads() at a time, or
// one if that is 0; whoever makes another waits.
class InBackground {
 public:
  InBackground();
  ~InBackground();
  InBackground(const InBackground&) = delete;
  InBackground& operator=(const InBackground&) = delete;
};

// The work of runChunks: a function of the chunk's index, which must not throw.
struct ChunkBody {
  const void* object;
  void (*call)(const void* object, size_t chunk);
};

// Calls body(chunk) once for each chunk below `chunks`, in any order, and returns when all have been done.
void runChunks(size_t chunks, ChunkBody body);

// Calls body(begin, end) for [0, n) in pieces of `size`, of which the last may be shorter.
template <class Body>
void parallelFor(size_t n, size_t size, const Body& body) {
  const size_t chunks = n / size + (n % size != 0 ? 1 : 0);
  if (chunks <= 1) {
    if (n > 0) body(size_t{0}, n);
    return;
  }
  const auto chunkBody = [&](size_t chunk) { body(chunk * size, std::min(n, (chunk + 1) * size)); };
  using ChunkLambda = decltype(chunkBody);
  runChunks(chunks,
            {&chunkBody, [](const void* object, size_t chunk) { (*static_cast<const ChunkLambda*>(object))(chunk); }});
}

// How many elements, of those that take a nanosecond at most, are worth a claim; and how many are worth a second
// thread.
constexpr size_t kElementsAtOnce = size_t{1} << 15;
constexpr size_t kElementsWorthSharing = size_t{1} << 17;

// Calls body(begin, end) for parts of n such elements.
template <class Body>
void parallelElements(size_t n, const Body& body) {
  parallelFor(n, n < kElementsWorthSharing ? std::max<size_t>(n, 1) : kElementsAtOnce, body);
}

// Calls body(begin, end) for groups of rows of such elements.
template <class Body>
void parallelRows(size_t rows, size_t cols, const Body& body) {
  const size_t atOnce = rows * cols < kElementsWorthSharing ? rows : kElementsAtOnce / cols;
  parallelFor(rows, std::max<size_t>(atOnce, 1), body);
}

}  // namespace evenkeel
