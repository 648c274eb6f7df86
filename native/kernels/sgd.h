#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// One step of gradient descent over any number of tensors, in place. For each tensor, with
// hyper = [lr, momentum, dampening, weightDecay]:
//
//   g              = (maximize ? -grad : grad) + weightDecay * param
//   momentumBuffer = step == 1 ? g : momentum * momentumBuffer + (1 - dampening) * g
//   g              = nesterov ? g + momentum * momentumBuffer : momentumBuffer
//   param          = param - lr * g
//
// in the order of operations of PyTorch. `step`, counted up first, says how many gradients are in the buffer. With
// momentum = 0, the two lines in the middle and the counting are left out, and both lists may be empty. Otherwise all
// lists are equally long; steps has arrays of length 1.
void sgd(InOutList params, InList grads, InOutList momentumBuffers, InOutList steps, InDoubles hyper, bool nesterov,
         bool maximize);

}  // namespace evenkeel
