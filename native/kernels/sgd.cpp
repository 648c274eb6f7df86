#include "kernels/sgd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sgd.cpp"
#include "hwy/foreach_target.h"
#include "kernels/lists.h"
#include "kernels/vector-inl.h"

#ifndef EVENKEEL_KERNELS_SGD_TENSOR_
#define EVENKEEL_KERNELS_SGD_TENSOR_
namespace evenkeel {
namespace {

// The arrays of one tensor; momentumBuffer is null without momentum.
struct Tensor {
  size_t size;
  float* param;
  const float* grad;
  float* momentumBuffer;
  bool isFirst;  // the buffer holds nothing yet
};

// The hyperparameters, derived in double precision, then rounded.
struct Coefficients {
  float gradSign;  // -1 to maximize
  float weightDecay;
  float momentum;
  float dampeningRest;  // 1 - dampening
  float minusLr;
  bool nesterov;
};

}  // namespace
}  // namespace evenkeel
#endif

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

void update(const Tensor& tensor, const Coefficients& c) {
  eachVector(tensor.size, [&](size_t i, auto size) VECTOR_CODE {
    const Vector param = load(tensor.param + i, size);
    Vector grad = hn::Mul(load(tensor.grad + i, size), set(c.gradSign));
    if (c.weightDecay != 0) grad = hn::MulAdd(set(c.weightDecay), param, grad);
    if (tensor.momentumBuffer) {
      Vector buffer = grad;
      if (!tensor.isFirst) {
        const Vector kept = hn::Mul(load(tensor.momentumBuffer + i, size), set(c.momentum));
        buffer = hn::MulAdd(set(c.dampeningRest), grad, kept);
      }
      store(buffer, tensor.momentumBuffer + i, size);
      grad = c.nesterov ? hn::MulAdd(set(c.momentum), buffer, grad) : buffer;
    }
    store(hn::MulAdd(set(c.minusLr), grad, param), tensor.param + i, size);
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
}  // namespace

void sgd(InOutList params, InList grads, InOutList momentumBuffers, InOutList steps, InDoubles hyper, bool nesterov,
         bool maximize) {
  const Checks checks("sgd");
  checks.length("hyper", hyper, {{nullptr, 4}});
  const double lr = hyper[0], momentum = hyper[1], dampening = hyper[2], weightDecay = hyper[3];
  const bool hasMomentum = momentum != 0;
  checkList(checks, "grads", grads, params);
  if (hasMomentum || !momentumBuffers.empty()) checkList(checks, "momentumBuffers", momentumBuffers, params);
  if (hasMomentum || !steps.empty()) checkSteps(checks, steps, params);

  const Coefficients coefficients{.gradSign = maximize ? -1.0f : 1.0f,
                                  .weightDecay = static_cast<float>(weightDecay),
                                  .momentum = static_cast<float>(momentum),
                                  .dampeningRest = static_cast<float>(1 - dampening),
                                  .minusLr = static_cast<float>(-lr),
                                  .nesterov = nesterov};
  if (hasMomentum) {
    for (const InOut& step : steps) step[0] += 1;
  }
  eachPart(params, [&](size_t i, size_t begin, size_t end) {
    const Tensor part{.size = end - begin,
                      .param = params[i].data() + begin,
                      .grad = grads[i].data() + begin,
                      .momentumBuffer = hasMomentum ? momentumBuffers[i].data() + begin : nullptr,
                      .isFirst = hasMomentum && steps[i][0] == 1};
    HWY_DYNAMIC_DISPATCH(update)(part, coefficients);
  });
}

}  // namespace evenkeel
#endif
