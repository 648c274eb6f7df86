#include "kernels/buffer.h"

#include <cstdarg>
#include <cstdio>
#include <string>

namespace evenkeel {

void Checks::length(const char* array, size_t size, std::span<const Factor> expected) const {
  size_t product = 1;
  bool fits = true;
  // A factor of 0 makes any product 0, so it must not matter whether the others overflowed before it.
  for (const Factor& factor : expected) {
    if (factor.value == 0) {
      product = 0;
      fits = true;
      break;
    }
    fits = fits && !__builtin_mul_overflow(product, factor.value, &product);
  }
  if (!fits || size != product) failLength(array, size, expected);
}

void Checks::failLength(const char* array, size_t size, std::span<const Factor> expected) const {
  static constexpr Factor kOne[] = {{nullptr, 1}};
  if (expected.empty()) expected = kOne;
  std::string names, values;
  size_t product = 1;
  bool fits = true;
  for (const Factor& factor : expected) {
    const char* times = values.empty() ? "" : " * ";
    if (factor.name) names.append(times).append(factor.name);
    values.append(times).append(std::to_string(factor.value));
    fits = !__builtin_mul_overflow(product, factor.value, &product) && fits;
  }
  if (!names.empty()) names.append(" = ");
  if (expected.size() > 1) values.append(" = ").append(fits ? std::to_string(product) : "more than can be counted");
  fail("%s has %zu elements, expected %s%s", array, size, names.c_str(), values.c_str());
}

void Checks::range(const char* argument, size_t value, size_t least, size_t most) const {
  if (value < least || value > most) fail("%s is %zu, expected %zu to %zu", argument, value, least, most);
}

void Checks::failType(const char* array) const {
  throw MixedTypes(std::string(kernel_) + ": " + array + " is not of the type that the other arrays ask for");
}

void Checks::fail(const char* format, ...) const {
  char text[512];
  va_list values;
  va_start(values, format);
  std::vsnprintf(text, sizeof text, format, values);
  va_end(values);
  throw std::invalid_argument(std::string(kernel_) + ": " + text);
}

}  // namespace evenkeel
