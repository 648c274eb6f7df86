#pragma once
#include "kernels/buffer.h"

namespace evenkeel {

// The number that goes with a channel, in an array that may be absent.
inline double valueOf(const OptionalIn& values, size_t channel, double otherwise) {
  return values ? static_cast<double>((*values)[channel]) : otherwise;
}

}  // namespace evenkeel
