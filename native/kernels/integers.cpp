#include "kernels/integers.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace evenkeel {
namespace {

using Limits = std::numeric_limits<std::int32_t>;

std::int32_t checkInt32(const Checks& checks, const char* array, size_t i, double value) {
  const bool fits = value >= Limits::min() && value <= Limits::max();
  if (fits && static_cast<double>(static_cast<std::int32_t>(value)) == value) return static_cast<std::int32_t>(value);
  checks.fail("%s[%zu] is %.17g, expected an int32", array, i, value);
}

void checkAll(const Checks& checks, const char* array, InDoubles values) {
  for (size_t i = 0; i < values.size(); ++i) static_cast<void>(checkInt32(checks, array, i, values[i]));
}

double checkInteger(const Checks& checks, const char* array, size_t i, double value) {
  if (std::isfinite(value) && std::trunc(value) == value) return value;
  checks.fail("%s[%zu] is %.17g, expected an integer", array, i, value);
}

std::uint32_t modulo32(double value) {
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(std::fmod(value, 0x1p32)));
}

// By repeated squaring.
std::int32_t power(double base, std::int32_t exponent) {
  if (exponent < 0) {
    if (base != 1 && base != -1) return 0;
    return base == -1 && exponent % 2 != 0 ? -1 : 1;
  }
  std::uint32_t result = 1;
  std::uint32_t square = modulo32(base);
  for (auto rest = static_cast<std::uint32_t>(exponent); rest > 0; rest >>= 1) {
    if (rest % 2 == 1) result *= square;
    square *= square;
  }
  return static_cast<std::int32_t>(result);
}

}  // namespace

void toInt32(OutIntegers y, InDoubles x) {
  const Checks checks("toInt32");
  checks.length("x", x, {{"y.length", y.size()}});
  checkAll(checks, "x", x);
  for (size_t i = 0; i < x.size(); ++i) y[i] = checkInt32(checks, "x", i, x[i]);
}

void toBool(OutBooleans y, InDoubles x) {
  const Checks checks("toBool");
  checks.length("x", x, {{"y.length", y.size()}});
  std::ranges::transform(x, y.begin(), [](double value) { return value != 0 ? 1 : 0; });
}

void integerPow(OutIntegers y, InDoubles a, InDoubles b) {
  const Checks checks("integerPow");
  checks.length("a", a, {{"y.length", y.size()}});
  checks.length("b", b, {{"y.length", y.size()}});
  for (size_t i = 0; i < a.size(); ++i) static_cast<void>(checkInteger(checks, "a", i, a[i]));
  checkAll(checks, "b", b);
  for (size_t i = 0; i < y.size(); ++i) {
    y[i] = power(checkInteger(checks, "a", i, a[i]), checkInt32(checks, "b", i, b[i]));
  }
}

}  // namespace evenkeel
