#include "kernels/reduce_loss.h"

#include "test/support.h"

namespace evenkeel::test {

TEST_CASE("reduceLoss: the sum or the mean rounded once") {
  const std::vector<double> totals{1.0 + 0x1p-30, 3};
  const Array dy{1, 2};
  Array sum(1), mean(1);
  std::vector<double> ofSum(2), ofMean(2);
  reduceLossForward(sum, totals, false);
  reduceLossForward(mean, totals, true);
  reduceLossBackward(ofSum, dy, totals, false);
  reduceLossBackward(ofMean, dy, totals, true);
  CHECK(sum[0] == 1.0f);
  CHECK(mean[0] == static_cast<float>((1.0 + 0x1p-30) / 3));
  CHECK(ofSum == std::vector<double>{1, 2});
  CHECK(ofMean == std::vector<double>{1.0 / 3, 2.0 / 3});
}

TEST_CASE("reduceLoss: the mean over nothing is NaN") {
  const std::vector<double> totals{0, 0};
  Array mean(1);
  reduceLossForward(mean, totals, true);
  CHECK(std::isnan(mean[0]));
}

TEST_CASE("reduceLoss: rejects other lengths and writes nothing") {
  const std::vector<double> totals(2), three(3);
  const Array dy(2);
  Array loss(1), two(2);
  std::vector<double> scale(1, 7);
  CHECK_REJECTS(reduceLossForward(two, totals, false), "reduceLossForward: loss has 2 elements, expected 1");
  CHECK_REJECTS(reduceLossForward(loss, three, false), "reduceLossForward: totals has 3 elements, expected 2");
  CHECK_REJECTS(reduceLossBackward(scale, dy, totals, false),
                "reduceLossBackward: scale has 1 elements, expected dy.length = 2");
  CHECK_REJECTS(reduceLossBackward(scale, Array(1), three, false),
                "reduceLossBackward: totals has 3 elements, expected 2");
  CHECK(loss.untouched());
  CHECK(two.untouched());
  CHECK(scale[0] == 7);
}

}  // namespace evenkeel::test
