#include "kernels/bernoulli.h"

#include <random>

#include "test/support.h"

namespace evenkeel::test {
namespace {

using Integers = std::vector<std::int32_t>;

constexpr std::int32_t kWords = 624;

// The state of an engine after its seed.
Integers seeded(std::uint32_t seed) {
  Integers state(kWords + 1, kWords);
  std::uint32_t word = seed;
  for (std::uint32_t i = 0; i < kWords; ++i) {
    if (i > 0) word = 1812433253U * (word ^ (word >> 30)) + i;
    state[i] = static_cast<std::int32_t>(word);
  }
  return state;
}

// What the engine of the standard library draws.
std::vector<float> expected(std::mt19937& engine, size_t n, double p) {
  std::vector<float> values(n);
  for (float& value : values) {
    const std::uint64_t high = engine();
    const std::uint64_t low = engine();
    value = static_cast<double>((high << 32 | low) & ((std::uint64_t{1} << 53) - 1)) * 0x1p-53 < p ? 1.0f : 0.0f;
  }
  return values;
}

void check(const Array& y, const std::vector<float>& values) {
  for (size_t i = 0; i < values.size(); ++i) CHECK(y[i] == values[i]);
}

}  // namespace

TEST_CASE("bernoulli: what the engine of the standard library draws in one stream of calls of every size") {
  std::mt19937 engine(7);
  Integers state = seeded(7);
  for (const double p : {0.5, 0.9, 1e-3}) {
    for (const size_t n : std::vector<size_t>{0, 1, 3, 7, 8, 33, 130, 311, 312, 313, 624, 1000}) {
      CAPTURE(n);
      Array y(n);
      bernoulli(y, state, n, p);
      check(y, expected(engine, n, p));
    }
  }
}

TEST_CASE("bernoulli: pairs of words that two states share") {
  for (const int drawn : {1, 311, 623}) {
    CAPTURE(drawn);
    std::mt19937 engine(3);
    engine.discard(static_cast<size_t>(drawn));
    Integers state = seeded(3);
    Array before(kWords / 2);
    bernoulli(before, state, before.size(), 0.5);
    state[kWords] = drawn;
    Array y(400);
    bernoulli(y, state, 400, 0.25);
    check(y, expected(engine, 400, 0.25));
  }
}

TEST_CASE("bernoulli: a probability of 0 or 1 draws all the same") {
  Integers none = seeded(1), all = seeded(1);
  Array zeros(5), ones(5);
  bernoulli(zeros, none, 5, 0);
  bernoulli(ones, all, 5, 1);
  check(zeros, std::vector<float>(5, 0.0f));
  check(ones, std::vector<float>(5, 1.0f));
  CHECK(none == all);
  CHECK(none[kWords] == 10);
}

TEST_CASE("bernoulli: rejects what is no state and writes nothing") {
  Array y(2);
  Integers shorter(kWords), state(kWords + 1);
  CHECK_REJECTS(bernoulli(y, state, 3, 0.5), "bernoulli: y has 2 elements, expected n = 3");
  CHECK_REJECTS(bernoulli(y, shorter, 2, 0.5), "bernoulli: state has 624 elements, expected 625");
  state[kWords] = 625;
  CHECK_REJECTS(bernoulli(y, state, 2, 0.5), "bernoulli: state[624] is 625, expected 0 to 624");
  state[kWords] = -1;
  CHECK_REJECTS(bernoulli(y, state, 2, 0.5), "bernoulli: state[624] is -1, expected 0 to 624");
  CHECK(y.untouched());
}

}  // namespace evenkeel::test
