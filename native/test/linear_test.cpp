#include "kernels/linear.h"

#include "kernels/reduce.h"
#include "kernels/relu.h"
#include "kernels/sgemm.h"
#include "test/support.h"

namespace evenkeel::test {
namespace {

struct Sizes {
  size_t rows, out, in;
};

std::vector<Sizes> allSizes() {
  std::vector<Sizes> sizes{{33, 65, 130}, {70, 513, 17}, {130, 150, 1000}};
  for (const size_t rows : std::vector<size_t>{0, 1, 3, 17}) {
    for (const size_t out : std::vector<size_t>{0, 1, 2, 16, 33}) {
      for (const size_t in : std::vector<size_t>{0, 1, 9}) sizes.push_back({rows, out, in});
    }
  }
  return sizes;
}

void checkEqual(const Array& actual, const Array& expected) {
  for (size_t i = 0; i < expected.size(); ++i) CHECK(actual[i] == expected[i]);
}

// What sgemm makes of the rows of bias, or of zeros.
void product(Out y, const Sizes& s, In x, In weight, OptionalIn bias) {
  for (size_t i = 0; i < y.size(); ++i) y[i] = bias ? (*bias)[i % s.out] : 0;
  sgemm(y, x, weight, false, true, s.rows, s.out, s.in, 1, bias ? 1 : 0);
}

}  // namespace

TEST_CASE("linear: forward gives what a product gives that is added to the bias") {
  for (const Sizes& s : allSizes()) {
    CAPTURE(s.rows);
    CAPTURE(s.out);
    CAPTURE(s.in);
    const Array x = normal(s.rows * s.in), weight = normal(s.out * s.in, 0, 1, 2), bias = normal(s.out, 0, 1, 3);
    for (const bool hasBias : {false, true}) {
      const OptionalIn b = hasBias ? OptionalIn(bias) : std::nullopt;
      Array expected(s.rows * s.out), rectified(s.rows * s.out), y(s.rows * s.out), z(s.rows * s.out);
      product(expected, s, x, weight, b);
      reluForward(rectified, expected);
      linearForward(y, x, weight, b, s.rows, s.out, s.in, false);
      linearForward(z, x, weight, b, s.rows, s.out, s.in, true);
      checkEqual(y, expected);
      checkEqual(z, rectified);
    }
  }
}

TEST_CASE("linear: backward gives what products and sums give and those of the masked gradient after a relu") {
  for (const Sizes& s : allSizes()) {
    CAPTURE(s.rows);
    CAPTURE(s.out);
    CAPTURE(s.in);
    const Array x = normal(s.rows * s.in), weight = normal(s.out * s.in, 0, 1, 2);
    const Array dy = normal(s.rows * s.out, 0, 1, 3), z = normal(s.rows * s.out, 0, 1, 4);
    Array masked(s.rows * s.out);
    reluBackward(masked, dy, z);
    for (const bool hasRelu : {false, true}) {
      const In gradient = hasRelu ? In(masked) : In(dy);
      Array expectedDx(s.rows * s.in), expectedDWeight(s.out * s.in), expectedDBias(s.out);
      sgemm(expectedDx, gradient, weight, false, false, s.rows, s.in, s.out, 1, 0);
      sgemm(expectedDWeight, gradient, x, true, false, s.out, s.in, s.rows, 1, 0);
      sum(expectedDBias, gradient, 1, s.rows, s.out);

      Array dx(s.rows * s.in), dWeight(s.out * s.in), dBias(s.out), dz(s.rows * s.out);
      linearBackward(dx, dWeight, dBias, hasRelu ? OptionalOut(dz) : std::nullopt, dy,
                     hasRelu ? OptionalIn(z) : std::nullopt, x, weight, s.rows, s.out, s.in);
      checkEqual(dx, expectedDx);
      checkEqual(dWeight, expectedDWeight);
      checkEqual(dBias, expectedDBias);
      if (hasRelu) checkEqual(dz, masked);
    }
  }
}

TEST_CASE("linear: absent outputs are left out") {
  const Array x = normal(6), weight = normal(8), dy = normal(12), z = normal(12, 0, 1, 2);
  Array dWeight(8), dz(12);
  linearBackward(std::nullopt, dWeight, std::nullopt, dz, dy, OptionalIn(z), x, weight, 3, 4, 2);
  Array gradient(12), expected(8);
  reluBackward(gradient, dy, z);
  sgemm(expected, gradient, x, true, false, 4, 2, 3, 1, 0);
  checkEqual(dWeight, expected);
}

TEST_CASE("linear: rejects other lengths and writes nothing") {
  const Array six(6), eight(8), twelve(12), two(2);
  Array y(12), dBias(4);
  const OptionalOut none = std::nullopt;
  CHECK_REJECTS(linearForward(y, six, eight, OptionalIn(two), 3, 4, 2, false),
                "linearForward: bias has 2 elements, expected outFeatures = 4");
  CHECK_REJECTS(linearForward(y, eight, eight, std::nullopt, 3, 4, 2, false),
                "linearForward: x has 8 elements, expected rows * inFeatures = 3 * 2 = 6");
  CHECK_REJECTS(linearForward(y, six, six, std::nullopt, 3, 4, 2, false),
                "linearForward: weight has 6 elements, expected outFeatures * inFeatures = 4 * 2 = 8");
  CHECK_REJECTS(linearBackward(none, none, Out(dBias), none, eight, std::nullopt, six, eight, 3, 4, 2),
                "linearBackward: dy has 8 elements, expected rows * outFeatures = 3 * 4 = 12");
  CHECK_REJECTS(linearBackward(none, none, Out(dBias), none, twelve, OptionalIn(twelve), six, eight, 3, 4, 2),
                "linearBackward: z and dz go together, expected both or neither");
  CHECK(y.untouched());
  CHECK(dBias.untouched());
}

}  // namespace evenkeel::test
