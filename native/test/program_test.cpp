#include "replay/program.h"

#include "kernels/adam.h"
#include "kernels/fill.h"
#include "kernels/relu.h"
#include "test/support.h"

namespace evenkeel::test {
namespace {

template <typename T>
std::span<std::byte> bytesOf(std::vector<T>& values) {
  return std::as_writable_bytes(std::span<T>(values));
}

}  // namespace

TEST_CASE("program: runs its steps in their order on what it is fed") {
  std::vector<float> slot(2), y(2), inputs{-1, 2, 3, -4, 5, 6}, outputs(6);
  Program program;
  program.add(std::make_unique<KernelStep<reluForward>>(y, slot));
  program.add(std::make_unique<KernelStep<reluBackward>>(slot, y, y));
  const std::vector<Feed> in{{bytesOf(slot), bytesOf(inputs)}}, out{{bytesOf(slot), bytesOf(outputs)}};
  program.run(3, in, out);
  CHECK(outputs == std::vector<float>{0, 2, 3, 0, 5, 6});
  program.run(0, {}, {});
  CHECK(y == std::vector<float>{5, 6});
}

TEST_CASE("program: keeps lists of arrays") {
  std::vector<float> param{1}, grad{1}, average(1), square(1), step(1);
  const std::vector<double> hyper{0.5, 0, 0, 0, 0};
  Program program;
  {
    const std::vector<InOut> params{param}, averages{average}, squares{square}, steps{step};
    const std::vector<In> grads{grad};
    program.add(std::make_unique<KernelStep<adam>>(params, grads, averages, squares, InOutList{}, steps, hyper, false,
                                                   false, false));
  }
  program.run(2, {}, {});
  CHECK(step[0] == 2);
  CHECK(param[0] == 0);
}

TEST_CASE("program: rejects feeds of other lengths before the first step and passes on what a step throws") {
  std::vector<float> slot(2), three(3), y(2, 7);
  Program program;
  program.add(std::make_unique<KernelStep<fill>>(y, 2, 1.0f));
  const std::vector<Feed> feeds{{bytesOf(slot), bytesOf(three)}};
  CHECK_REJECTS(program.run(1, feeds, {}), "runProgram: inputs has 12 elements, expected steps * slot = 1 * 8 = 8");
  CHECK_REJECTS(program.run(2, {}, feeds), "runProgram: outputs has 12 elements, expected steps * slot = 2 * 8 = 16");
  CHECK(y[0] == 7);
  program.add(std::make_unique<KernelStep<reluForward>>(slot, three));
  CHECK_REJECTS(program.run(1, {}, {}), "reluForward: x has 3 elements, expected y.length = 2");
  CHECK(y[0] == 1);
}

}  // namespace evenkeel::test
