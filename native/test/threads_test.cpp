#include "test/threads.h"
#include "kernels/adam.h"
#include "kernels/layer_norm.h"
#include "kernels/linear.h"
#include "kernels/reduce.h"
#include "kernels/relu.h"
#include "kernels/sgemm.h"
#include "kernels/softmax.h"
#include "test/support.h"

// Kernels compute the same, to the bit, on any number of threads. The sizes are such that they share their work.
namespace evenkeel::test {
namespace {

constexpr size_t kMatrixRows = 300;
constexpr size_t kMatrixCols = 500;

// run(out) writes all its results to `out`.
template <class Run>
void checkSame(size_t size, const Run& run) {
  std::vector<float> alone(size), shared(size);
  run(Out(alone));
  for (const size_t threads : std::vector<size_t>{2, 4, 7}) {
    const ThreadCount count(threads);
    std::fill(shared.begin(), shared.end(), kNan);
    run(Out(shared));
    CHECK(shared == alone);
  }
}

}  // namespace

TEST_CASE("sgemm: the same on any number of threads") {
  for (const size_t k : std::vector<size_t>{120, 1100}) {
    const Array a = normal(kMatrixRows * k), b = normal(k * kMatrixCols, 0, 1, 2);
    for (const int transpositions : {0, 1, 2, 3}) {
      checkSame(kMatrixRows * kMatrixCols, [&](Out c) {
        sgemm(c, a, b, transpositions & 1, transpositions & 2, kMatrixRows, kMatrixCols, k, 1, 0);
      });
    }
  }
}

TEST_CASE("linear: the same on any number of threads") {
  constexpr size_t kInner = 120, kSize = kMatrixRows * kMatrixCols;
  const Array x = normal(kMatrixRows * kInner), weight = normal(kMatrixCols * kInner, 0, 1, 2);
  const Array dy = normal(kSize, 0, 1, 3), z = normal(kSize, 0, 1, 4), bias = normal(kMatrixCols, 0, 1, 5);
  checkSame(kSize, [&](Out y) { linearForward(y, x, weight, bias, kMatrixRows, kMatrixCols, kInner, true); });
  checkSame(kSize + kMatrixCols, [&](Out out) {
    linearBackward(std::nullopt, std::nullopt, out.last(kMatrixCols), out.first(kSize), dy, z, x, weight, kMatrixRows,
                   kMatrixCols, kInner);
  });
}

TEST_CASE("layer normalisation: the same on any number of threads") {
  constexpr size_t kSize = kMatrixRows * kMatrixCols;
  const Array x = normal(kSize), dy = normal(kSize, 0, 1, 2), weight = normal(kMatrixCols, 1, 1, 3);
  std::vector<double> mean(kMatrixRows), rstd(kMatrixRows);
  checkSame(kSize + 2 * kMatrixRows, [&](Out out) {
    layerNormForward(out.first(kSize), mean, rstd, x, weight, weight, kMatrixRows, kMatrixCols, 1e-5);
    std::copy(mean.begin(), mean.end(), out.begin() + kSize);
    std::copy(rstd.begin(), rstd.end(), out.begin() + kSize + kMatrixRows);
  });
  checkSame(kSize + 2 * kMatrixCols, [&](Out out) {
    layerNormBackward(out.first(kSize), out.subspan(kSize, kMatrixCols), out.last(kMatrixCols), dy, x, weight, mean,
                      rstd, kMatrixRows, kMatrixCols);
  });
}

TEST_CASE("rows, columns and elements: the same on any number of threads") {
  constexpr size_t kSize = kMatrixRows * kMatrixCols;
  const Array x = normal(kSize);
  checkSame(kSize, [&](Out y) { reluForward(y, x); });
  checkSame(kSize, [&](Out y) { softmaxForward(y, x, kMatrixRows, kMatrixCols); });
  checkSame(kMatrixRows, [&](Out y) { sum(y, x, kMatrixRows, kMatrixCols, 1); });
  checkSame(kMatrixCols, [&](Out y) { sum(y, x, 1, kMatrixRows, kMatrixCols); });
}

TEST_CASE("adam: the same on any number of threads") {
  constexpr size_t kTotal = 170004;
  const std::vector<size_t> sizes{100000, 3, 0, 70001};
  std::vector<std::vector<float>> grads;
  grads.reserve(sizes.size());
  for (const size_t size : sizes) grads.push_back(normal(size, 0, 1, static_cast<unsigned>(size)));
  checkSame(3 * kTotal, [&](Out out) {
    std::fill(out.begin(), out.end(), 0.5f);
    std::vector<InOut> params, expAvgs, expAvgSqs, stepSpans;
    std::vector<float> steps(sizes.size());
    for (size_t i = 0; i < sizes.size(); ++i) {
      for (std::vector<InOut>* list : {&params, &expAvgs, &expAvgSqs}) {
        list->push_back(out.first(sizes[i]));
        out = out.subspan(sizes[i]);
      }
      stepSpans.emplace_back(&steps[i], 1);
    }
    const std::vector<In> gradSpans(grads.begin(), grads.end());
    const std::vector<double> hyper{1e-3, 0.9, 0.999, 1e-8, 0.01};
    adam(params, gradSpans, expAvgs, expAvgSqs, {}, stepSpans, hyper, false, false, true);
  });
}

}  // namespace evenkeel::test
