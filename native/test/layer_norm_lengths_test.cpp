#include "kernels/layer_norm.h"
#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("layerNorm: forward rejects other lengths, and writes nothing") {
  const Array x(32), eight(8);
  Array y(32), twelve(12);
  std::vector<double> mean(4, 7), rstd(4, 7), wrong(12);
  const auto run = [&](Out yGiven, OutDoubles meanGiven, OutDoubles rstdGiven, In xGiven, OptionalIn weight,
                       OptionalIn bias) {
    layerNormForward(yGiven, meanGiven, rstdGiven, xGiven, weight, bias, 4, 8, 1e-5);
  };
  CHECK_REJECTS(run(twelve, mean, rstd, x, eight, eight),
                "layerNormForward: y has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(run(y, wrong, rstd, x, eight, eight), "layerNormForward: mean has 12 elements, expected rows = 4");
  CHECK_REJECTS(run(y, mean, wrong, x, eight, eight), "layerNormForward: rstd has 12 elements, expected rows = 4");
  CHECK_REJECTS(run(y, mean, rstd, twelve, eight, eight),
                "layerNormForward: x has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(run(y, mean, rstd, x, In(), eight), "layerNormForward: weight has 0 elements, expected cols = 8");
  CHECK_REJECTS(run(y, mean, rstd, x, eight, twelve), "layerNormForward: bias has 12 elements, expected cols = 8");
  CHECK(y.untouched());
  for (size_t r = 0; r < 4; ++r) {
    CHECK(mean[r] == 7);
    CHECK(rstd[r] == 7);
  }
}

TEST_CASE("layerNorm: backward rejects other lengths, and writes nothing") {
  const Array x(32), eight(8), wrong(12);
  const std::vector<double> four(4), five(5);
  Array dx(32), dWeight(8), dBias(8), twelve(12);
  const auto run = [&](OptionalOut dxGiven, OptionalOut dWeightGiven, OptionalOut dBiasGiven, In dyGiven, In xGiven,
                       OptionalIn weight, InDoubles mean, InDoubles rstd) {
    layerNormBackward(dxGiven, dWeightGiven, dBiasGiven, dyGiven, xGiven, weight, mean, rstd, 4, 8);
  };
  CHECK_REJECTS(run(twelve, dWeight, dBias, x, x, eight, four, four),
                "layerNormBackward: dx has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(run(dx, twelve, dBias, x, x, eight, four, four),
                "layerNormBackward: dWeight has 12 elements, expected cols = 8");
  CHECK_REJECTS(run(dx, dWeight, Out(), x, x, eight, four, four),
                "layerNormBackward: dBias has 0 elements, expected cols = 8");
  CHECK_REJECTS(run(dx, dWeight, dBias, wrong, x, eight, four, four),
                "layerNormBackward: dy has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(run(dx, dWeight, dBias, x, wrong, eight, four, four),
                "layerNormBackward: x has 12 elements, expected rows * cols = 4 * 8 = 32");
  CHECK_REJECTS(run(dx, dWeight, dBias, x, x, wrong, four, four),
                "layerNormBackward: weight has 12 elements, expected cols = 8");
  CHECK_REJECTS(run(dx, dWeight, dBias, x, x, eight, five, four),
                "layerNormBackward: mean has 5 elements, expected rows = 4");
  CHECK_REJECTS(run(dx, dWeight, dBias, x, x, eight, four, five),
                "layerNormBackward: rstd has 5 elements, expected rows = 4");
  CHECK(dx.untouched());
  CHECK(dWeight.untouched());
  CHECK(dBias.untouched());
}

}  // namespace evenkeel::test
