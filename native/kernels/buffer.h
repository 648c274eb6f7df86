#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <variant>

// What kernels take: views of memory that the caller owns, and the checks that stand before every kernel.
//
// A view may start at any float, not only at a multiple of the vector size. An argument that may be absent is optional,
// so that an absent array and one without elements stay two different things.
namespace evenkeel {

using std::size_t;

using In = std::span<const float>;
using Out = std::span<float>;
using InOut = std::span<float>;
using OptionalIn = std::optional<In>;
using OptionalOut = std::optional<Out>;

using InIntegers = std::span<const std::int32_t>;
using OutIntegers = std::span<std::int32_t>;
using InOutIntegers = std::span<std::int32_t>;
using InBooleans = std::span<const std::uint8_t>;
using OutBooleans = std::span<std::uint8_t>;
using InDoubles = std::span<const double>;
using OutDoubles = std::span<double>;

// What some kernels take in either precision, and some of any type. Doubles hold the integers that they compute with.
using InFloats = std::variant<In, InDoubles>;
using OutFloats = std::variant<Out, OutDoubles>;
using InElements = std::variant<In, InDoubles, InIntegers, InBooleans>;
using OutElements = std::variant<Out, OutDoubles, OutIntegers, OutBooleans>;

using InList = std::span<const In>;
using InOutList = std::span<const InOut>;

// A factor of an expected length, with the name that the error message gives it; without a name, it is a plain number.
struct Factor {
  const char* name;
  size_t value;
};

// Arrays of types that do not go together.
class MixedTypes : public std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// How many elements there are, of whichever type.
template <typename... T>
size_t lengthOf(const std::variant<T...>& elements) {
  return std::visit([](const auto& span) { return span.size(); }, elements);
}

// The checks of one call of a kernel. They throw std::invalid_argument, with a message that starts with its name.
class Checks {
 public:
  explicit Checks(const char* kernel) : kernel_(kernel) {}

  // The array must have as many elements as the product of the factors, which must not overflow.
  void length(const char* array, size_t size, std::span<const Factor> expected) const;

  void length(const char* array, size_t size, std::initializer_list<Factor> expected) const {
    length(array, size, std::span(expected.begin(), expected.size()));
  }

  template <typename T>
  void length(const char* array, std::span<T> elements, std::initializer_list<Factor> expected) const {
    length(array, elements.size(), expected);
  }

  template <typename Span>
  void length(const char* array, const std::optional<Span>& elements, std::initializer_list<Factor> expected) const {
    if (elements) length(array, elements->size(), expected);
  }

  template <typename... T>
  void length(const char* array, const std::variant<T...>& elements, std::initializer_list<Factor> expected) const {
    length(array, lengthOf(elements), expected);
  }

  void range(const char* argument, size_t value, size_t least, size_t most) const;

  // printf-style. What is wrong, after the name of the kernel.
  [[noreturn]] [[gnu::format(printf, 2, 3)]] void fail(const char* format, ...) const;

  // An array of another type than those beside it ask for.
  [[noreturn]] void failType(const char* array) const;

 private:
  [[noreturn]] void failLength(const char* array, size_t size, std::span<const Factor> expected) const;

  const char* kernel_;
};

}  // namespace evenkeel
