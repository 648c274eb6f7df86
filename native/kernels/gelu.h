#pragma once
#include "kernels/buffer.h"

// The Gaussian error linear unit: x times the probability that a standard normal number is below x.
namespace evenkeel {

// y = x * P(x), where P is the normal distribution function, or, if approximate,
// P(x) = (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2.
void geluForward(Out y, In x, bool approximate);

// dx = dy * (P(x) + x * P'(x))
void geluBackward(Out dx, In dy, In x, bool approximate);

}  // namespace evenkeel
