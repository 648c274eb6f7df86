#pragma once
#include "kernels/buffer.h"

// The affine map of the rows of x, (rows, inFeatures), by weight, (outFeatures, inFeatures).
namespace evenkeel {

// y = x * weight^T + bias, and with `relu` the larger of that and 0. An absent bias counts as zeros.
void linearForward(Out y, In x, In weight, OptionalIn bias, size_t rows, size_t outFeatures, size_t inFeatures,
                   bool relu);

//   dx = dy * weight      dWeight = dy^T * x      dBias = sum over the rows of dy
//
// An absent output is not computed. With `z`, the output of linearForward with `relu`, dy is the gradient of z: the
// gradient of what the map itself gave, z <= 0 ? 0 : dy, goes to dz, and takes the place of dy in the above.
void linearBackward(OptionalOut dx, OptionalOut dWeight, OptionalOut dBias, OptionalOut dz, In dy, OptionalIn z, In x,
                    In weight, size_t rows, size_t outFeatures, size_t inFeatures);

}  // namespace evenkeel
