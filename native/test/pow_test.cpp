#include "kernels/pow.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

using Integers = std::vector<std::int32_t>;

constexpr float kBases[] = {0, -0.0f, 1, -1, 0.5f, -2, 3, kInfinity, -kInfinity, kNan};
constexpr float kExponents[] = {0, 1, 2, 3, -1, -2, 0.5f, kInfinity, -kInfinity, kNan};

}  // namespace

TEST_CASE("pow: forward and backward, with every pair of strides, at every size") {
  for (const size_t n : kSizes) {
    CAPTURE(n);
    for (const int aStride : {0, 1, 2}) {
      for (const int bStride : {0, 1, 2}) {
        std::vector<float> bases = normal(2 * n + 1, 0, 2);
        for (float& base : bases) base = std::abs(base) + 0.1f;
        const Array a(bases), b = normal(2 * n + 1, 0, 2, 2), dy = normal(n, 0, 1, 3);
        const Integers shape{static_cast<std::int32_t>(n)};
        Array y(n), da(n), db(n);
        powForward(y, a, b, shape, Integers{aStride}, Integers{bStride});
        powBackward(da.span(), db.span(), dy, a, b, y, shape, Integers{aStride}, Integers{bStride});
        for (size_t i = 0; i < n; ++i) {
          const double base = a.at(i * static_cast<size_t>(aStride)), exponent = b.at(i * static_cast<size_t>(bStride));
          CHECK(close(y[i], std::pow(base, exponent), 2));
          // A rounding of the exponent less 1 counts |log(base)| times the exponent.
          CHECK(close(da[i], dy.at(i) * exponent * std::pow(base, exponent - 1), 4 + 8 * std::abs(std::log(base))));
          CHECK(close(db[i], dy.at(i) * std::pow(base, exponent) * std::log(base), 8));
        }
      }
    }
  }
}

TEST_CASE("pow: special values are those of C, and gradients stay 0 where PyTorch's do") {
  for (const float base : kBases) {
    for (const float exponent : kExponents) {
      CAPTURE(base);
      CAPTURE(exponent);
      Array y(1), da(1), db(1);
      powForward(y, Array({base}), Array({exponent}), Integers{}, Integers{}, Integers{});
      CHECK(close(y[0], std::pow(static_cast<double>(base), static_cast<double>(exponent)), 1));
      powBackward(da.span(), db.span(), Array({1}), Array({base}), Array({exponent}), y, Integers{}, Integers{},
                  Integers{});
      if (exponent == 0) CHECK(da[0] == 0);
      if (base == 0 && exponent >= 0) CHECK(db[0] == 0);
    }
  }
}

TEST_CASE("pow: computes one gradient without the other") {
  const Array a({2, 3}), b({3}), dy({1, 1}), y({8, 27});
  const Integers shape{2}, ones{1}, zeros{0};
  Array da(2), db(2);
  powBackward(da.span(), std::nullopt, dy, a, b, y, shape, ones, zeros);
  powBackward(std::nullopt, db.span(), dy, a, b, y, shape, ones, zeros);
  CHECK(da[0] == 12);
  CHECK(da[1] == 27);
  CHECK(close(db[1], 27 * std::log(3.0), 2));
}

TEST_CASE("pow: rejects other lengths, and writes nothing") {
  const Array two(2), three(3);
  const Integers shape{2}, ones{1};
  Array y(2), wrong(3);
  CHECK_REJECTS(powForward(y, two, two, Integers{3}, ones, ones), "powForward: y has 2 elements, expected 3");
  CHECK_REJECTS(powForward(y, two, two, shape, ones, Integers{2}),
                "powForward: b has 2 elements, its strides reach element 2");
  const auto run = [&](OptionalOut da, OptionalOut db, In dy, In out) {
    powBackward(da, db, dy, two, two, out, shape, ones, ones);
  };
  CHECK_REJECTS(run(y.span(), y.span(), three, two), "powBackward: dy has 3 elements, expected y.length = 2");
  CHECK_REJECTS(run(y.span(), y.span(), two, three), "powBackward: y has 3 elements, expected 2");
  CHECK_REJECTS(run(wrong.span(), y.span(), two, two), "powBackward: da has 3 elements, expected y.length = 2");
  CHECK_REJECTS(run(y.span(), wrong.span(), two, two), "powBackward: db has 3 elements, expected y.length = 2");
  CHECK(y.untouched());
  CHECK(wrong.untouched());
}

}  // namespace evenkeel::test
