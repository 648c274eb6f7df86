#pragma once
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "kernels/buffer.h"

// What the tests of the kernels share.
namespace evenkeel::test {

// Around one, two and more vectors of every instruction set.
inline const std::vector<size_t> kSizes{0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 130};

// Around the blocks of rows that kernels work in.
inline const std::vector<size_t> kRows{0, 1, 3, 4, 5, 9};

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// The relative error of one rounding to single precision.
constexpr double kRounding = 0x1p-24;

// An array that is misaligned for vectors, between guard words that must stay as they are.
class Array {
 public:
  // Without values, as memory that a kernel must overwrite.
  explicit Array(size_t size) : Array(std::vector<float>(size, kUntouched)) {}

  Array(const std::vector<float>& values) : memory_(kGuard + values.size() + kGuard, kGuardWord), size_(values.size()) {
    std::copy(values.begin(), values.end(), memory_.begin() + kGuard);
  }

  Array(std::initializer_list<float> values) : Array(std::vector<float>(values)) {}

  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  ~Array() {
    for (size_t i = 0; i < kGuard; ++i) {
      CHECK(memory_[i] == kGuardWord);
      CHECK(memory_[kGuard + size_ + i] == kGuardWord);
    }
  }

  Out span() { return {memory_.data() + kGuard, size_}; }
  operator Out() { return span(); }
  operator In() const { return {memory_.data() + kGuard, size_}; }

  size_t size() const { return size_; }
  float operator[](size_t i) const { return memory_[kGuard + i]; }
  double at(size_t i) const { return static_cast<double>(memory_[kGuard + i]); }

  bool untouched() const {
    for (size_t i = 0; i < size_; ++i) {
      if ((*this)[i] != kUntouched) return false;
    }
    return true;
  }

 private:
  // One more than a multiple of the longest vector.
  static constexpr size_t kGuard = 17;
  static constexpr float kGuardWord = 1234567.0f;
  static constexpr float kUntouched = -7654321.0f;

  std::vector<float> memory_;
  size_t size_;
};

// The same numbers in every run.
inline std::vector<float> normal(size_t size, float mean = 0, float deviation = 1, unsigned seed = 1) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> distribution(mean, deviation);
  std::vector<float> values(size);
  for (float& value : values) value = distribution(generator);
  return values;
}

// Whether `actual` is `expected` but for `roundings` roundings of numbers as large as `magnitude`; NaN equals NaN.
inline bool close(float actual, double expected, double roundings, double magnitude) {
  if (std::isnan(expected)) return std::isnan(actual);
  if (std::isinf(expected)) return static_cast<double>(actual) == expected;
  return std::abs(static_cast<double>(actual) - expected) <= roundings * kRounding * magnitude;
}

// The same for a result that is not a difference of larger numbers.
inline bool close(float actual, double expected, double roundings) {
  return close(actual, expected, roundings, std::abs(expected));
}

// log(sum(exp(x))) of a row of a matrix.
inline double logSumExp(const Array& x, size_t row, size_t cols) {
  double largest = -static_cast<double>(kInfinity), sum = 0;
  for (size_t c = 0; c < cols; ++c) largest = std::max(largest, x.at(row * cols + c));
  for (size_t c = 0; c < cols; ++c) sum += std::exp(x.at(row * cols + c) - largest);
  return largest + std::log(sum);
}

}  // namespace evenkeel::test

#define CHECK_REJECTS(call, message) CHECK_THROWS_WITH_AS(call, message, std::invalid_argument)
