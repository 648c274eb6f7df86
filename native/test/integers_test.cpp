#include "kernels/integers.h"

#include "kernels/abs.h"
#include "kernels/arithmetic.h"
#include "kernels/compare.h"
#include "kernels/reduce.h"
#include "test/support.h"

// Integers, and the kernels that take the doubles in which they are computed.
namespace evenkeel::test {
namespace {

using Booleans = std::vector<std::uint8_t>;
using Doubles = std::vector<double>;
using Integers = std::vector<std::int32_t>;

constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();

Doubles noise(size_t size, unsigned seed) {
  const std::vector<float> values = normal(size, 0, 1e4f, seed);
  return {values.begin(), values.end()};
}

std::int32_t powerOf(double a, double b) {
  Integers y(1);
  integerPow(y, Doubles{a}, Doubles{b});
  return y[0];
}

}  // namespace

TEST_CASE("toInt32 and toBool: every number that fits") {
  const Doubles x{0, -0.0, 1, -7, 2147483647, -2147483648.0};
  Integers y(6);
  toInt32(y, x);
  CHECK(y == Integers{0, 0, 1, -7, kMost, kLeast});
  Booleans truth(7);
  toBool(truth, Doubles{0, -0.0, 2, 0.5, -1, static_cast<double>(kNan), static_cast<double>(kInfinity)});
  CHECK(truth == Booleans{0, 0, 1, 1, 1, 1, 1});
}

TEST_CASE("toInt32 and toBool: reject what does not fit and write nothing") {
  Integers y(2, 7);
  CHECK_REJECTS(toInt32(y, Doubles{0, 2147483648.0}), "toInt32: x[1] is 2147483648, expected an int32");
  CHECK_REJECTS(toInt32(y, Doubles{0, -2147483649.0}), "toInt32: x[1] is -2147483649, expected an int32");
  CHECK_REJECTS(toInt32(y, Doubles{0, 0.5}), "toInt32: x[1] is 0.5, expected an int32");
  CHECK_THROWS_AS(toInt32(y, Doubles{0, static_cast<double>(kNan)}), std::invalid_argument);
  CHECK_THROWS_AS(toInt32(y, Doubles{0, static_cast<double>(kInfinity)}), std::invalid_argument);
  CHECK_REJECTS(toInt32(y, Doubles{0}), "toInt32: x has 1 elements, expected y.length = 2");
  CHECK(y == Integers{7, 7});
  Booleans truth(2, 7);
  CHECK_REJECTS(toBool(truth, Doubles{0}), "toBool: x has 1 elements, expected y.length = 2");
  CHECK(truth == Booleans{7, 7});
}

TEST_CASE("integerPow: modulo 2^32 and 0 for negative exponents") {
  for (int base = -5; base <= 5; ++base) {
    std::int64_t expected = 1;
    for (int exponent = 0; exponent < 13; ++exponent) {
      CHECK(powerOf(base, exponent) == expected);
      expected *= base;
    }
  }
  CHECK(powerOf(2, 31) == kLeast);
  CHECK(powerOf(2, 32) == 0);
  CHECK(powerOf(3, 21) == static_cast<std::int32_t>(std::uint32_t{1870418611}));
  CHECK(powerOf(kLeast, 1) == kLeast);
  CHECK(powerOf(-1, kMost) == -1);
  CHECK(powerOf(0x1p40 + 3, 2) == 9);
  CHECK(powerOf(-0x1p40 - 3, 3) == -27);
  CHECK(powerOf(0x1p32 + 1, -1) == 0);
  CHECK(powerOf(1e300, 1) == 0);
  CHECK(powerOf(2, -1) == 0);
  CHECK(powerOf(0, -3) == 0);
  CHECK(powerOf(1, kLeast) == 1);
  CHECK(powerOf(-1, -3) == -1);
  CHECK(powerOf(-1, kLeast) == 1);
  Integers y(1, 7);
  CHECK_REJECTS(integerPow(y, Doubles{1}, Doubles{0.5}), "integerPow: b[0] is 0.5, expected an int32");
  CHECK_REJECTS(integerPow(y, Doubles{1.5}, Doubles{1}), "integerPow: a[0] is 1.5, expected an integer");
  CHECK_REJECTS(integerPow(y, Doubles{1, 2}, Doubles{1}), "integerPow: a has 2 elements, expected y.length = 1");
  CHECK_REJECTS(integerPow(y, Doubles{1}, Doubles{}), "integerPow: b has 0 elements, expected y.length = 1");
  CHECK(y[0] == 7);
}

TEST_CASE("doubles: arithmetic and comparisons with broadcasting at every size") {
  for (const size_t n : kSizes) {
    CAPTURE(n);
    const Doubles a = noise(n, 1), b = noise(3, 2);
    const Integers shape{3, static_cast<std::int32_t>(n)}, aStrides{0, 1}, bStrides{1, 0};
    Doubles sums(3 * n), differences(3 * n), products(3 * n), copies(3 * n), magnitudes(n);
    Booleans equal(3 * n), less(3 * n), atMost(3 * n);
    add(sums, a, b, shape, aStrides, bStrides);
    sub(differences, a, b, shape, aStrides, bStrides);
    mul(products, a, b, shape, aStrides, bStrides);
    eq(equal, a, b, shape, aStrides, bStrides);
    lt(less, a, b, shape, aStrides, bStrides);
    le(atMost, a, b, shape, aStrides, bStrides);
    copyStrided(copies, a, shape, aStrides);
    absForward(magnitudes, a);
    for (size_t i = 0; i < 3 * n; ++i) {
      const double v = a[i % n], w = b[i / n];
      CHECK(sums[i] == v + w);
      CHECK(differences[i] == v - w);
      CHECK(products[i] == v * w);
      CHECK(equal[i] == (v == w ? 1 : 0));
      CHECK(less[i] == (v < w ? 1 : 0));
      CHECK(atMost[i] == (v <= w ? 1 : 0));
      CHECK(copies[i] == v);
      CHECK(magnitudes[i % n] == std::abs(v));
    }
  }
}

TEST_CASE("doubles: sums and the largest along every axis at every size") {
  for (const size_t n : kSizes) {
    for (const size_t inner : std::vector<size_t>{1, 3, 17}) {
      CAPTURE(n);
      CAPTURE(inner);
      const Doubles x = noise(2 * n * inner, 1);
      Doubles y(2 * inner, 7);
      Integers indices(2 * inner);
      sum(y, x, 2, n, inner);
      if (n > 0) argmax(indices, x, 2, n, inner);
      for (size_t i = 0; i < 2 * inner; ++i) {
        const size_t start = i / inner * n * inner + i % inner;
        double total = 0;
        size_t best = 0;
        for (size_t j = 0; j < n; ++j) {
          total += x[start + j * inner];
          if (x[start + j * inner] > x[start + best * inner]) best = j;
        }
        CHECK(y[i] == total);
        CHECK(indices[i] == static_cast<std::int32_t>(best));
      }
    }
  }
}

TEST_CASE("doubles: copies between types along strides") {
  const Booleans booleans{0, 1, 1, 0, 1, 0};
  const Integers integers{1, 2, 3, 4, 5, 6}, shape{3, 2}, strides{1, 3};
  Booleans turned(6);
  Integers turnedIntegers(6), fromBooleans(6);
  Doubles wide(6);
  std::vector<float> single(6);
  copyStrided(turned, booleans, shape, strides);
  copyStrided(turnedIntegers, integers, shape, strides);
  copyStrided(fromBooleans, booleans, shape, strides);
  copyStrided(wide, integers, shape, strides);
  copyStrided(single, booleans, shape, strides);
  CHECK(turned == Booleans{0, 0, 1, 1, 1, 0});
  CHECK(turnedIntegers == Integers{1, 4, 2, 5, 3, 6});
  CHECK(fromBooleans == Integers{0, 0, 1, 1, 1, 0});
  CHECK(wide == Doubles{1, 4, 2, 5, 3, 6});
  CHECK(single == std::vector<float>{0, 0, 1, 1, 1, 0});
}

TEST_CASE("doubles: reject other types beside them") {
  const Doubles doubles(2);
  const std::vector<float> floats(2);
  const Integers shape{2}, strides{1}, integers(2);
  Doubles y(2, 7);
  Booleans truth(2, 7);
  Integers whole(2, 7);
  CHECK_THROWS_WITH_AS(add(y, doubles, floats, shape, strides, strides),
                       "add: an input is not of the type that the other arrays ask for", MixedTypes);
  CHECK_THROWS_AS(mul(y, floats, doubles, shape, strides, strides), MixedTypes);
  CHECK_THROWS_AS(eq(truth, doubles, floats, shape, strides, strides), MixedTypes);
  CHECK_THROWS_AS(absForward(y, floats), MixedTypes);
  CHECK_THROWS_AS(sum(y, floats, 2, 1, 1), MixedTypes);
  CHECK_THROWS_AS(copyStrided(truth, integers, shape, strides), MixedTypes);
  CHECK_THROWS_AS(copyStrided(whole, doubles, shape, strides), MixedTypes);
  CHECK(y == Doubles{7, 7});
  CHECK(truth == Booleans{7, 7});
  CHECK(whole == Integers{7, 7});
}

}  // namespace evenkeel::test
