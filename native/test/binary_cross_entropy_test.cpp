#include "kernels/binary_cross_entropy.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

double logSigmoid(double x) { return std::min(x, 0.0) - std::log1p(std::exp(-std::abs(x))); }

void checkBinaryCrossEntropy(const Array& x, const Array& target, const Array* weight, const Array& scale) {
  const size_t n = x.size();
  CAPTURE(n);
  Array loss(n), dx(n), dTarget(n), dxAlone(n);
  const OptionalIn given = weight ? OptionalIn(*weight) : std::nullopt;
  binaryCrossEntropyForward(loss, x, target, given);
  binaryCrossEntropyBackward(dx, dTarget, scale, x, target, given);
  binaryCrossEntropyBackward(dxAlone, std::nullopt, scale, x, target, given);
  for (size_t i = 0; i < n; ++i) {
    const double v = x.at(i), t = target.at(i), w = weight ? weight->at(i) : 1;
    const double k = scale.at(scale.size() == 1 ? 0 : i);
    CAPTURE(v);
    CAPTURE(t);
    CHECK(close(loss[i], (1 - t) * v - (1 + (w - 1) * t) * logSigmoid(v), 1.01));
    CHECK(close(dx[i], k * ((1 - t + w * t) / (1 + std::exp(-v)) - w * t), 1.01));
    CHECK(close(dTarget[i], k * (logSigmoid(-v) - w * logSigmoid(v)), 1.01));
    CHECK((dx[i] == dxAlone[i] || std::isnan(dx[i])));
  }
}

}  // namespace

TEST_CASE("binaryCrossEntropy: forward and backward, at every size") {
  for (const size_t n : kSizes) {
    const Array x = normal(n, 0, 6), target = normal(n, 0.5, 0.3f, 2), weight = normal(n, 2, 0.5, 3);
    const Array one = normal(1), each = normal(n, 0, 1, 4);
    for (const Array* scale : {&one, &each}) {
      checkBinaryCrossEntropy(x, target, nullptr, *scale);
      checkBinaryCrossEntropy(x, target, &weight, *scale);
    }
  }
}

TEST_CASE("binaryCrossEntropy: logits far out, and those that are not finite") {
  const Array x({80, -80, 1e30f, -1e30f, 80, -80, kInfinity, -kInfinity, kInfinity, -kInfinity, kNan, 0, -0.0f});
  const Array target({0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, kNan, 1});
  const Array weight = std::vector<float>(x.size(), 2);
  checkBinaryCrossEntropy(x, target, nullptr, Array({1}));
  checkBinaryCrossEntropy(x, target, &weight, Array({-0.5f}));
}

TEST_CASE("binaryCrossEntropy: a sure and right answer keeps its small loss") {
  Array loss(2), dx(2);
  const Array x({20, 60}), target({1, 1});
  binaryCrossEntropyForward(loss, x, target, std::nullopt);
  CHECK(close(loss[0], std::log1p(std::exp(-20.0)), 1.01));
  CHECK(close(loss[1], std::log1p(std::exp(-60.0)), 1.01));
}

TEST_CASE("binaryCrossEntropy: rejects other lengths, and writes nothing") {
  const Array two(2), three(3), none(0);
  Array y(3), other(2);
  CHECK_REJECTS(binaryCrossEntropyForward(y, two, three, std::nullopt),
                "binaryCrossEntropyForward: x has 2 elements, expected loss.length = 3");
  CHECK_REJECTS(binaryCrossEntropyForward(y, three, three, two),
                "binaryCrossEntropyForward: posWeight has 2 elements, expected loss.length = 3");
  CHECK_REJECTS(binaryCrossEntropyBackward(y, other, three, three, three, std::nullopt),
                "binaryCrossEntropyBackward: dTarget has 2 elements, expected x.length = 3");
  CHECK_REJECTS(binaryCrossEntropyBackward(y, std::nullopt, none, three, three, std::nullopt),
                "binaryCrossEntropyBackward: scale has 0 elements, expected x.length = 3");
  CHECK(y.untouched());
}

}  // namespace evenkeel::test
