#pragma once
#include "kernels/buffer.h"

// Normalisation of each channel of a dense (outer, channels, inner) array, in double precision.
namespace evenkeel {

//   y = (x - mean) * rstd * weight + bias,   rstd = 1 / sqrt(var + eps)
//
// with one number a channel. An absent weight counts as ones, an absent bias as zeros. In training, mean and (biased)
// var are those of x, and the running statistics, unless absent, follow them in place, with the unbiased variance:
//
//   running = (1 - momentum) * running + momentum * batch
//
// Otherwise mean and var are the running statistics. mean and rstd are kept for the backward pass. Channels without
// elements have mean 0 and rstd NaN, and leave the running statistics as they are.
void batchNormForward(Out y, OutDoubles mean, OutDoubles rstd, OptionalOut runningMean, OptionalOut runningVar, In x,
                      OptionalIn weight, OptionalIn bias, InDoubles momentum, size_t outer, size_t channels,
                      size_t inner, double eps, bool training);

// With xhat = (x - mean) * rstd, and means over a channel:
//
//   dx      = rstd * weight * (dy - mean(dy) - xhat * mean(dy * xhat))   in training, otherwise rstd * weight * dy
//   dWeight = sum over the channel of dy * xhat
//   dBias   = sum over the channel of dy
//
// An absent output is not computed.
void batchNormBackward(OptionalOut dx, OptionalOut dWeight, OptionalOut dBias, In dy, In x, OptionalIn weight,
                       InDoubles mean, InDoubles rstd, size_t outer, size_t channels, size_t inner, bool training);

}  // namespace evenkeel
