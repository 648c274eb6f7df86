#pragma once
#include "kernels/adam.h"
#include "kernels/arithmetic.h"
#include "kernels/bias.h"
#include "kernels/layer_norm.h"
#include "kernels/reduce.h"
#include "kernels/relu.h"
#include "kernels/sgemm.h"
#include "kernels/softmax.h"
#include "kernels/sqrt.h"

// Every kernel, once: X(name) for each, in the order of binding.d.ts.
#define EVENKEEL_KERNELS(X)      \
  X(sgemm)                       \
  X(biasForward)                 \
  X(biasBackward)                \
  X(layerNormForward)            \
  X(layerNormBackward)           \
  X(reluForward)                 \
  X(reluBackward)                \
  X(sqrtForward)                 \
  X(sqrtBackward)                \
  X(add)                         \
  X(sub)                         \
  X(mul)                         \
  X(div)                         \
  X(copyStrided)                 \
  X(sum)                         \
  X(argmax)                      \
  X(logSoftmaxForward)           \
  X(logSoftmaxBackward)          \
  X(softmaxCrossEntropyForward)  \
  X(softmaxCrossEntropyBackward) \
  X(adam)
