#pragma once
#include <cstddef>

// How the columns of a matrix are added up: strip by strip, whatever the number of threads.
namespace evenkeel {

// So many columns at a time, whose totals stay in the cache.
constexpr std::size_t kStrip = 512;

constexpr std::size_t stripsOf(std::size_t cols) { return (cols + kStrip - 1) / kStrip; }

}  // namespace evenkeel
