#include "kernels/adam.h"

#include <cmath>
#include <cstdio>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/adam.cpp"
#include "hwy/foreach_target.h"
#include "kernels/lists.h"
#include "kernels/root-inl.h"
#include "kernels/scratch.h"
#include "kernels/vector-inl.h"

#ifndef EVENKEEL_KERNELS_ADAM_TENSOR_
#define EVENKEEL_KERNELS_ADAM_TENSOR_
namespace evenkeel {
namespace {

// The arrays of one tensor; maxExpAvgSq is null unless amsgrad.
struct Tensor {
  size_t size;
  float* param;
  const float* grad;
  float* expAvg;
  float* expAvgSq;
  float* maxExpAvgSq;
};

// What the hyperparameters come to at one step: derived in double precision, then rounded.
struct Coefficients {
  float gradSign;     // -1 to maximize
  float weightDecay;  // added to the gradient
  float shrink;       // of the parameter
  float beta1Rest;    // 1 - beta1
  float beta2;
  float beta2Rest;        // 1 - beta2
  float correction2Root;  // sqrt(1 - beta2^step)
  float eps;
  float minusStepSize;
  bool iteratesRoots;
};

}  // namespace
}  // namespace evenkeel
#endif

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// start + weight * (end - start), from the nearer end, so that weights of 0 and 1 are exact.
HWY_INLINE Vector lerp(Vector start, Vector end, float weight) {
  const Vector difference = hn::Sub(end, start);
  return weight < 0.5f ? hn::MulAdd(set(weight), difference, start) : hn::MulAdd(set(weight - 1), difference, end);
}

// PyTorch's operations with its roundings: what it multiplies and adds at once is one MulAdd. The arguments are copies,
// as what stores may change would be read again for every vector.
void update(Tensor tensor, Coefficients c) {
  eachVector(tensor.size, [&](size_t i, auto size) VECTOR_CODE {
    const Vector param = hn::Mul(load(tensor.param + i, size), set(c.shrink));
    Vector grad = hn::Mul(load(tensor.grad + i, size), set(c.gradSign));
    if (c.weightDecay != 0) grad = hn::MulAdd(set(c.weightDecay), param, grad);
    const Vector expAvg = lerp(load(tensor.expAvg + i, size), grad, c.beta1Rest);
    store(expAvg, tensor.expAvg + i, size);

    const Vector decayed = hn::Mul(load(tensor.expAvgSq + i, size), set(c.beta2));
    Vector second = hn::MulAdd(hn::Mul(set(c.beta2Rest), grad), grad, decayed);
    store(second, tensor.expAvgSq + i, size);
    if (tensor.maxExpAvgSq) {
      second = maximum(load(tensor.maxExpAvgSq + i, size), second);
      store(second, tensor.maxExpAvgSq + i, size);
    }

    const Vector root = c.iteratesRoots ? iteratedRoot(second) : hn::Sqrt(second);
    const Vector divisor = hn::Add(hn::Div(root, set(c.correction2Root)), set(c.eps));
    const Vector step = hn::Div(hn::Mul(set(c.minusStepSize), expAvg), divisor);
    store(hn::Add(param, step), tensor.param + i, size);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(update);

// Where MKL, of which PyTorch takes its roots, iterates for them.
bool isAmd() {
#if HWY_ARCH_X86
  __builtin_cpu_init();
  return __builtin_cpu_is("amd") != 0;
#else
  return false;
#endif
}

struct Hyper {
  double lr, beta1, beta2, eps, weightDecay;
};

Coefficients coefficientsAt(double step, const Hyper& h, bool maximize, bool decoupled) {
  return {
      .gradSign = maximize ? -1.0f : 1.0f,
      .weightDecay = decoupled ? 0.0f : static_cast<float>(h.weightDecay),
      .shrink = decoupled ? static_cast<float>(1 - h.lr * h.weightDecay) : 1.0f,
      .beta1Rest = static_cast<float>(1 - h.beta1),
      .beta2 = static_cast<float>(h.beta2),
      .beta2Rest = static_cast<float>(1 - h.beta2),
      .correction2Root = static_cast<float>(std::sqrt(1 - std::pow(h.beta2, step))),
      .eps = static_cast<float>(h.eps),
      .minusStepSize = static_cast<float>(-(h.lr / (1 - std::pow(h.beta1, step)))),
      .iteratesRoots = isAmd(),
  };
}

}  // namespace

void adam(InOutList params, InList grads, InOutList expAvgs, InOutList expAvgSqs, InOutList maxExpAvgSqs,
          InOutList steps, InDoubles hyper, bool amsgrad, bool maximize, bool decoupled) {
  const Checks checks("adam");
  checkList(checks, "grads", grads, params);
  checkList(checks, "expAvgs", expAvgs, params);
  checkList(checks, "expAvgSqs", expAvgSqs, params);
  if (amsgrad) {
    checkList(checks, "maxExpAvgSqs", maxExpAvgSqs, params);
  } else {
    checks.length("maxExpAvgSqs", maxExpAvgSqs.size(), {{nullptr, 0}});
  }
  checkSteps(checks, steps, params);
  checks.length("hyper", hyper, {{nullptr, 5}});

  const Hyper values{hyper[0], hyper[1], hyper[2], hyper[3], hyper[4]};
  Scratch<Coefficients> coefficients(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    steps[i][0] += 1;
    coefficients[i] = coefficientsAt(static_cast<double>(steps[i][0]), values, maximize, decoupled);
  }
  eachPart(params, [&](size_t i, size_t begin, size_t end) {
    const Tensor part{.size = end - begin,
                      .param = params[i].data() + begin,
                      .grad = grads[i].data() + begin,
                      .expAvg = expAvgs[i].data() + begin,
                      .expAvgSq = expAvgSqs[i].data() + begin,
                      .maxExpAvgSq = amsgrad ? maxExpAvgSqs[i].data() + begin : nullptr};
    HWY_DYNAMIC_DISPATCH(update)(part, coefficients[i]);
  });
}

}  // namespace evenkeel
#endif
