#include "kernels/softmax.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/softmax.cpp"
#include "hwy/foreach_target.h"
#include "kernels/softmax-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void softmaxRow(float* y, const float* x, size_t n) {
  const double largest = largestOf(x, n);
  const DoubleVector sum = setDouble(sumOfExponentials(x, n, largest));
  eachDoubleVector(n, [&](size_t i, auto size)
                          VECTOR_CODE { storeRounded(hn::Div(exponentialAt(x, i, size, largest), sum), y + i, size); });
}

void softmaxGradientRow(float* dx, const float* dy, const float* x, size_t n) {
  const double largest = largestOf(x, n);
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector v = exponentialAt(x, i, size, largest);
    sums[0] = hn::MulAdd(widen(dy + i, size), v, sums[0]);
    sums[1] = hn::Add(sums[1], v);
  };
  const auto [weighted, total] = reduceInDouble<2>(n, add);
  const DoubleVector mean = setDouble(weighted / total), sum = setDouble(total);
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector y = hn::Div(exponentialAt(x, i, size, largest), sum);
    storeRounded(hn::Mul(hn::Sub(widen(dy + i, size), mean), y), dx + i, size);
  });
}

void safeSoftmaxGradientRow(float* dx, const float* dy, const float* y, size_t n) {
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    const DoubleVector v = widen(y + i, size);
    sums[0] = hn::MulAdd(widen(dy + i, size), v, sums[0]);
    sums[1] = hn::Add(sums[1], v);
  };
  const auto [weighted, total] = reduceInDouble<2>(n, add);
  const DoubleVector mean = setDouble(total == 0 ? 0 : weighted / total);
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    storeRounded(hn::Mul(hn::Sub(widen(dy + i, size), mean), widen(y + i, size)), dx + i, size);
  });
}

void logSoftmaxRow(float* y, const float* x, size_t n) {
  const double largest = largestOf(x, n);
  const DoubleVector logSum = setDouble(std::log(sumOfExponentials(x, n, largest)));
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    storeRounded(hn::Sub(hn::Sub(widen(x + i, size), setDouble(largest)), logSum), y + i, size);
  });
}

void logSoftmaxGradientRow(float* dx, const float* dy, const float* x, size_t n) {
  const double largest = largestOf(x, n);
  const auto add = [&](size_t i, auto size, DoubleVector* sums) VECTOR_CODE {
    sums[0] = hn::Add(sums[0], exponentialAt(x, i, size, largest));
    sums[1] = hn::Add(sums[1], widen(dy + i, size));
  };
  const auto [exponentials, total] = reduceInDouble<2>(n, add);
  const DoubleVector scale = setDouble(total / exponentials);
  eachDoubleVector(n, [&](size_t i, auto size) VECTOR_CODE {
    const DoubleVector v = hn::NegMulAdd(exponentialAt(x, i, size, largest), scale, widen(dy + i, size));
    storeRounded(v, dx + i, size);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(softmaxRow);
HWY_EXPORT(softmaxGradientRow);
HWY_EXPORT(safeSoftmaxGradientRow);
HWY_EXPORT(logSoftmaxRow);
HWY_EXPORT(logSoftmaxGradientRow);

// Calls kernel(y, x..., cols) with the rows of matrices of one shape.
template <class Kernel, class... Inputs>
void eachRow(const Kernel& kernel, size_t rows, size_t cols, Out y, Inputs... x) {
  if (cols == 0) return;
  parallelRows(rows, cols, [&](size_t begin, size_t end) {
    for (size_t i = begin * cols; i < end * cols; i += cols) kernel(y.data() + i, (x.data() + i)..., cols);
  });
}

}  // namespace

void softmaxForward(Out y, In x, size_t rows, size_t cols) {
  const Checks checks("softmaxForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(softmaxRow), rows, cols, y, x);
}

void safeSoftmaxForward(Out y, In x, size_t rows, size_t cols) {
  const Checks checks("safeSoftmaxForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  if (cols == 0) return;
  for (size_t i = 0; i < y.size(); i += cols) {
    const In row = x.subspan(i, cols);
    if (std::all_of(row.begin(), row.end(), [](float v) { return v == -std::numeric_limits<float>::infinity(); })) {
      std::fill_n(y.data() + i, cols, 0.0f);
    } else {
      HWY_DYNAMIC_DISPATCH(softmaxRow)(y.data() + i, row.data(), cols);
    }
  }
}

void softmaxBackward(Out dx, In dy, In x, size_t rows, size_t cols) {
  const Checks checks("softmaxBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(softmaxGradientRow), rows, cols, dx, dy, x);
}

void safeSoftmaxBackward(Out dx, In dy, In y, size_t rows, size_t cols) {
  const Checks checks("safeSoftmaxBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(safeSoftmaxGradientRow), rows, cols, dx, dy, y);
}

void logSoftmaxForward(Out y, In x, size_t rows, size_t cols) {
  const Checks checks("logSoftmaxForward");
  checks.length("y", y, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(logSoftmaxRow), rows, cols, y, x);
}

void logSoftmaxBackward(Out dx, In dy, In x, size_t rows, size_t cols) {
  const Checks checks("logSoftmaxBackward");
  checks.length("dx", dx, {{"rows", rows}, {"cols", cols}});
  checks.length("dy", dy, {{"rows", rows}, {"cols", cols}});
  checks.length("x", x, {{"rows", rows}, {"cols", cols}});
  eachRow(HWY_DYNAMIC_DISPATCH(logSoftmaxGradientRow), rows, cols, dx, dy, x);
}

}  // namespace evenkeel
#endif
