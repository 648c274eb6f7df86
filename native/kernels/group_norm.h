#pragma once
#include "kernels/buffer.h"

// Normalisation over groups of channels of a dense (outer, channels, inner) array, in double precision.
namespace evenkeel {

//   y = (x - mean) * rstd * weight + bias,   rstd = 1 / sqrt(var + eps)
//
// with the mean and the biased var of each of the `groups` groups of neighbouring channels in each of the `outer`
// samples; mean and rstd, (outer, groups), are kept for the backward pass. weight and bias have one number a channel;
// an absent weight counts as ones, an absent bias as zeros. Groups without elements have mean 0 and rstd NaN.
void groupNormForward(Out y, OutDoubles mean, OutDoubles rstd, In x, OptionalIn weight, OptionalIn bias, size_t outer,
                      size_t channels, size_t inner, size_t groups, double eps);

// With xhat = (x - mean) * rstd, g = dy * weight, and means over a group:
//
//   dx      = rstd * (g - mean(g) - xhat * mean(g * xhat))
//   dWeight = sum over the samples and the channel of dy * xhat
//   dBias   = sum over the samples and the channel of dy
//
// An absent output is not computed.
void groupNormBackward(OptionalOut dx, OptionalOut dWeight, OptionalOut dBias, In dy, In x, OptionalIn weight,
                       InDoubles mean, InDoubles rstd, size_t outer, size_t channels, size_t inner, size_t groups);

}  // namespace evenkeel
