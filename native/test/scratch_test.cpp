#include "kernels/scratch.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include "kernels/adam.h"
#include "kernels/layer_norm.h"
#include "kernels/linear.h"
#include "replay/program.h"
#include "test/support.h"
#include "test/threads.h"

namespace {
std::atomic<size_t> allocations{0};
}

void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t /*size*/) noexcept { std::free(memory); }

namespace evenkeel::test {
namespace {

// How many allocations it takes to run a program for matrices of this shape, after it has run once.
size_t allocationsOfAnotherRun(size_t rows, size_t cols) {
  std::vector<float> x(rows * cols, 1), dx(rows * cols), weight(cols, 1), dWeight(cols), dBias(cols);
  std::vector<float> square(cols * cols, 1), dSquare(cols * cols), average(cols * cols), second(cols * cols), step(1);
  std::vector<double> mean(rows), rstd(rows, 1);
  const std::vector<double> hyper{0.1, 0.9, 0.999, 1e-8, 0};
  const std::vector<InOut> params{square}, averages{average}, squares{second}, steps{step};
  const std::vector<In> grads{dSquare};
  Program program;
  program.add(std::make_unique<KernelStep<layerNormBackward>>(Out(dx), Out(dWeight), Out(dBias), x, x, In(weight), mean,
                                                              rstd, rows, cols));
  program.add(std::make_unique<KernelStep<linearBackward>>(Out(dx), Out(dSquare), Out(dBias), std::nullopt, x,
                                                           std::nullopt, x, square, rows, cols, cols));
  program.add(std::make_unique<KernelStep<adam>>(params, grads, averages, squares, InOutList{}, steps, hyper, false,
                                                 false, false));
  program.run(1, {}, {});
  const size_t before = allocations;
  program.run(1, {}, {});
  return allocations - before;
}

}  // namespace

TEST_CASE("scratch: is zero and apart from others that are in use") {
  for (int time = 0; time < 2; ++time) {
    Scratch<float> first(100), second(50);
    for (size_t i = 0; i < second.size(); ++i) CHECK(second[i] == 0);
    std::fill(first.begin(), first.end(), 1.0f);
    CHECK(std::all_of(second.begin(), second.end(), [](float value) { return value == 0; }));
    std::fill(second.begin(), second.end(), 2.0f);
    CHECK(std::all_of(first.begin(), first.end(), [](float value) { return value == 1; }));
  }
}

TEST_CASE("scratch: programs that have run allocate nothing") {
  for (const size_t threads : {size_t{1}, size_t{2}}) {
    const ThreadCount count(threads);
    CHECK(allocationsOfAnotherRun(40, 16) == 0);
    CHECK(allocationsOfAnotherRun(8, 256) == 0);
    CHECK(allocationsOfAnotherRun(600, 400) == 0);
  }
}

}  // namespace evenkeel::test
