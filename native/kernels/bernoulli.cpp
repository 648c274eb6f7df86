#include "kernels/bernoulli.h"

#include <algorithm>
#include <array>

namespace evenkeel {
namespace {

constexpr size_t kWords = 624;

// How far ahead of a word lies the one it is combined with.
constexpr size_t kOffset = 397;

// One step of the recurrence: the highest bit of a word before the others of the next, times the engine's matrix.
std::uint32_t twist(std::uint32_t word, std::uint32_t following) {
  const std::uint32_t mixed = (word & 0x80000000U) | (following & 0x7fffffffU);
  return (mixed >> 1) ^ (-(following & 1U) & 0x9908b0dfU);
}

std::uint32_t temper(std::uint32_t bits) {
  bits ^= bits >> 11;
  bits ^= (bits << 7) & 0x9d2c5680U;
  bits ^= (bits << 15) & 0xefc60000U;
  return bits ^ (bits >> 18);
}

// The engine, in memory of its own: nobody else can change which word comes next while it draws.
class Engine {
 public:
  Engine(InIntegers state, size_t next) : next_(next) {
    std::ranges::transform(state.first(kWords), words_.begin(), [](std::int32_t word) { return bitsOf(word); });
    temperAll();
  }

  std::uint32_t draw() {
    if (next_ == kWords) refill();
    return tempered_[next_++];
  }

  void save(OutIntegers state) const {
    std::ranges::transform(words_, state.begin(), [](std::uint32_t word) { return static_cast<std::int32_t>(word); });
    state[kWords] = static_cast<std::int32_t>(next_);
  }

 private:
  static std::uint32_t bitsOf(std::int32_t word) { return static_cast<std::uint32_t>(word); }

  // Replaces all words by the next ones.
  void refill() {
    std::uint32_t* words = words_.data();
    for (size_t i = 0; i < kWords - kOffset; ++i) words[i] = words[i + kOffset] ^ twist(words[i], words[i + 1]);
    for (size_t i = kWords - kOffset; i < kWords - 1; ++i) {
      words[i] = words[i + kOffset - kWords] ^ twist(words[i], words[i + 1]);
    }
    words[kWords - 1] = words[kOffset - 1] ^ twist(words[kWords - 1], words[0]);
    next_ = 0;
    temperAll();
  }

  void temperAll() { std::ranges::transform(words_, tempered_.begin(), temper); }

  std::array<std::uint32_t, kWords> words_{};
  std::array<std::uint32_t, kWords> tempered_{};
  size_t next_;
};

double uniform(Engine& engine) {
  const std::uint64_t high = engine.draw() & 0x1fffffU;
  return static_cast<double>(high << 32 | engine.draw()) * 0x1p-53;
}

}  // namespace

void bernoulli(Out y, InOutIntegers state, size_t n, double p) {
  const Checks checks("bernoulli");
  checks.length("y", y, {{"n", n}});
  checks.length("state", state, {{nullptr, kWords + 1}});
  const std::int32_t next = state[kWords];
  if (next < 0 || next > static_cast<std::int32_t>(kWords)) {
    checks.fail("state[%zu] is %d, expected 0 to %zu", kWords, next, kWords);
  }
  Engine engine(state, static_cast<size_t>(next));
  for (float& value : y) value = uniform(engine) < p ? 1.0f : 0.0f;
  engine.save(state);
}

}  // namespace evenkeel
