#pragma once
#include <cstddef>

namespace evenkeel {

// c = alpha * op(a) * op(b) + beta * c for row-major matrices that have been checked: op(a) is (m, k), op(b) is (k, n),
// c is (m, n), and op transposes if its flag is set. None is larger than the integers of BLAS.
//
// The rest is done part by part, while a part of c is in the cache: `bias`, unless null, replaces each row of c before
// the product is added to it, with beta = 1; `relu` makes what is below 0 zero in the end.
struct Product {
  float* c = nullptr;
  const float* a = nullptr;
  const float* b = nullptr;
  bool transposeA = false, transposeB = false;
  std::size_t m = 0, n = 0, k = 0;
  float alpha = 1;
  float beta = 0;
  const float* bias = nullptr;
  bool relu = false;
};

void multiply(const Product& product);

// The most rows or columns that a matrix may have.
std::size_t mostLength();

}  // namespace evenkeel
