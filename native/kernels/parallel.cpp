#include "kernels/parallel.h"

#include <pthread.h>
#include <csignal>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "hwy/cache_control.h"

namespace evenkeel {
namespace {

// How long a thread looks for work, or for the end of it, before it sleeps: longer than the gaps between the kernels of
// a training step, as short as possible beside what waking up costs.
constexpr auto kPatience = std::chrono::microseconds(50);

thread_local bool isInBackground = false;

// Lets others have this processor for a while. Linux gives it away for milliseconds to whoever wants it, of whatever
// priority: an event loop is soon done, but somebody who computes is to have no more than half of the time.
void yieldFairly() {
  using Clock = std::chrono::steady_clock;
  thread_local Clock::time_point notBefore;
  const auto begin = Clock::now();
  if (begin < notBefore) return hwy::Pause();
  std::this_thread::yield();
  const auto end = Clock::now();
  notBefore = end + (end - begin);
}

template <class Condition>
bool watchFor(const Condition& condition, bool yields) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    if (yields) {
      yieldFairly();
    } else {
      hwy::Pause();
    }
  }
  return true;
}

// One call of runChunks. It lives on the stack of its caller, who waits until `helpers` is 0.
struct Job {
  const ChunkBody body;
  const size_t chunks;
  const bool inBackground = isInBackground;
  std::atomic<size_t> next{0};
  std::atomic<size_t> helpers{0};

  bool isClaimed() const { return next.load(std::memory_order_relaxed) >= chunks; }

  void work() {
    for (size_t chunk = next.fetch_add(1); chunk < chunks; chunk = next.fetch_add(1)) {
      body.call(body.object, chunk);
      if (inBackground) yieldFairly();
    }
  }
};

class Pool {
 public:
  size_t limit() const { return limit_.load(std::memory_order_relaxed); }

  void setLimit(size_t limit) {
    const std::scoped_lock lock(mutex_);
    limit_ = limit;
    room_.notify_all();
    announce();
  }

  void enterBackground() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return background_ < std::max<size_t>(limit(), 1); });
    ++background_;
  }

  void leaveBackground() {
    const std::scoped_lock lock(mutex_);
    --background_;
    room_.notify_one();
  }

  void run(Job& job) {
    begin(job);
    job.work();
    end(job);
    const auto isDone = [&] { return job.helpers.load() == 0; };
    if (watchFor(isDone, job.inBackground)) return;
    ++waiting_;
    {
      std::unique_lock lock(mutex_);
      done_.wait(lock, isDone);
    }
    --waiting_;
  }

 private:
  void begin(Job& job) {
    const std::scoped_lock lock(mutex_);
    ++busy_;
    jobs_.push_back(&job);
    startHelpers(std::min(limit(), job.chunks) - 1);
    announce();
  }

  // From here on nobody joins the job any more.
  void end(Job& job) {
    const std::scoped_lock lock(mutex_);
    --busy_;
    std::erase(jobs_, &job);
    if (!jobs_.empty()) announce();
  }

  // Where the system allows no more threads, the work is done by those there are.
  void startHelpers(size_t count) {
    sigset_t all, before;
    if (helpers_ >= count) return;
    // Signals are for the threads of Node.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      for (; helpers_ < count; ++helpers_) std::thread(&Pool::help, this, helpers_ + 1).detach();
    } catch (const std::system_error&) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void announce() {
    ++news_;
    if (asleep_ > 0) wake_.notify_all();
  }

  [[noreturn]] void help(size_t index) {
    bool yields = false;
    for (;;) {
      Job& job = nextJob(index, yields);
      yields = job.inBackground;
      job.work();
      {
        const std::scoped_lock lock(mutex_);
        --busy_;
      }
      // The job may be gone after this.
      if (job.helpers.fetch_sub(1) == 1 && waiting_ > 0) {
        const std::scoped_lock lock(mutex_);
        done_.notify_all();
      }
    }
  }

  Job& nextJob(size_t index, bool yields) {
    std::unique_lock lock(mutex_);
    for (;;) {
      // All callers and helpers together are to be as many as one caller is allowed.
      if (index < limit() && busy_ < limit()) {
        for (Job* job : jobs_) {
          if (job->isClaimed()) continue;
          ++busy_;
          ++job->helpers;
          return *job;
        }
      }
      const size_t seen = news_;
      const auto isNew = [&] { return news_ != seen; };
      lock.unlock();
      const bool found = index < limit() && watchFor(isNew, yields);
      lock.lock();
      if (found) continue;
      ++asleep_;
      wake_.wait(lock, isNew);
      --asleep_;
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::condition_variable room_;
  // Changed under the mutex, and watched without.
  std::atomic<size_t> limit_{0};
  std::atomic<size_t> news_{0};
  std::atomic<size_t> waiting_{0};
  // Under the mutex.
  std::vector<Job*> jobs_;
  size_t busy_ = 0;
  size_t background_ = 0;
  size_t helpers_ = 0;
  size_t asleep_ = 0;
};

// Never destroyed: its threads run until the process is gone.
Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

}  // namespace

size_t getNumThreads() { return pool().limit(); }

void setNumThreads(size_t count) {
  if (count < 1 || count > kMostThreads) {
    throw std::invalid_argument("setNumThreads: count is " + std::to_string(count) + ", expected 1 to " +
                                std::to_string(kMostThreads));
  }
  pool().setLimit(count);
}

InBackground::InBackground() {
  pool().enterBackground();
  isInBackground = true;
}

InBackground::~InBackground() {
  isInBackground = false;
  pool().leaveBackground();
}

void runChunks(size_t chunks, ChunkBody body) {
  Job job{.body = body, .chunks = chunks};
  if (chunks > 1 && getNumThreads() > 1) {
    pool().run(job);
  } else {
    job.work();
  }
}

}  // namespace evenkeel
