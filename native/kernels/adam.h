#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// One step of Adam over any number of tensors, in place. For each tensor, with t its step, counted up first, and
// hyper = [lr, beta1, beta2, eps, weightDecay]:
//
//   g        = maximize ? -grad : grad
//   param    = param * (1 - lr * weightDecay)   if decoupled (AdamW), else  g = g + weightDecay * param
//   expAvg   = expAvg + (1 - beta1) * (g - expAvg)
//   expAvgSq = beta2 * expAvgSq + (1 - beta2) * g^2
//   v        = amsgrad ? (maxExpAvgSq = max(maxExpAvgSq, expAvgSq)) : expAvgSq
//   param    = param - lr / (1 - beta1^t) * expAvg / (sqrt(v) / sqrt(1 - beta2^t) + eps)
//
// with the operations and the roundings of PyTorch. All lists are equally long; steps has arrays of length 1;
// maxExpAvgSqs is empty unless amsgrad.
void adam(InOutList params, InList grads, InOutList expAvgs, InOutList expAvgSqs, InOutList maxExpAvgSqs,
          InOutList steps, InDoubles hyper, bool amsgrad, bool maximize, bool decoupled);

}  // namespace evenkeel
