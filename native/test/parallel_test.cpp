#include "kernels/parallel.h"

#include <atomic>
#include <optional>
#include <thread>

#include "test/support.h"
#include "test/threads.h"

namespace evenkeel::test {
namespace {

void checkEachOnce(size_t n, size_t size) {
  std::vector<std::atomic<int>> visits(n);
  parallelFor(n, size, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) ++visits[i];
  });
  size_t wrong = 0;
  for (const auto& visit : visits) wrong += visit != 1;
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("parallelFor: covers everything once, whatever the number of threads") {
  for (const size_t threads : std::vector<size_t>{1, 2, 4, 9}) {
    const ThreadCount count(threads);
    for (const size_t n : kSizes) {
      for (const size_t size : std::vector<size_t>{1, 2, 5, 1000}) checkEachOnce(n, size);
    }
  }
}

TEST_CASE("parallelFor: thousands of short jobs from several threads while the number of threads changes") {
  const ThreadCount count(4);
  std::atomic<size_t> total = 0;
  std::vector<std::thread> callers;
  for (size_t caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&total, caller] {
      std::optional<InBackground> background;
      if (caller % 2 == 0) background.emplace();
      for (size_t job = 0; job < 2000; ++job) {
        parallelFor(7, 2, [&](size_t begin, size_t end) { total += end - begin; });
      }
    });
  }
  for (size_t i = 0; i < 200; ++i) setNumThreads(1 + i % 5);
  for (std::thread& caller : callers) caller.join();
  CHECK(total == 4 * 2000 * 7);
}

TEST_CASE("parallelFor: a job inside of another one") {
  const ThreadCount count(3);
  std::atomic<size_t> total = 0;
  parallelFor(4, 1,
              [&](size_t, size_t) { parallelFor(6, 2, [&](size_t begin, size_t end) { total += end - begin; }); });
  CHECK(total == 24);
}

TEST_CASE("InBackground: at most as many threads at a time as may work on one kernel") {
  const ThreadCount count(2);
  std::atomic<size_t> inside = 0, most = 0, done = 0;
  std::vector<std::thread> callers;
  for (size_t caller = 0; caller < 6; ++caller) {
    callers.emplace_back([&] {
      for (size_t job = 0; job < 50; ++job, ++done) {
        const InBackground background;
        most = std::max<size_t>(most, ++inside);
        std::this_thread::yield();
        --inside;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(most <= 2);
  CHECK(done == 300);
}

TEST_CASE("setNumThreads: rejects what is no number of threads") {
  CHECK_REJECTS(setNumThreads(0), "setNumThreads: count is 0, expected 1 to 1024");
  CHECK_REJECTS(setNumThreads(1025), "setNumThreads: count is 1025, expected 1 to 1024");
}

}  // namespace evenkeel::test
