#include "kernels/sgemm.h"

#include "kernels/product.h"

namespace evenkeel {

void sgemm(InOut c, In a, In b, bool transposeA, bool transposeB, size_t m, size_t n, size_t k, float alpha,
           float beta) {
  const Checks checks("sgemm");
  checks.range("m", m, 0, mostLength());
  checks.range("n", n, 0, mostLength());
  checks.range("k", k, 0, mostLength());
  checks.length("c", c, {{"m", m}, {"n", n}});
  checks.length("a", a, {{"m", m}, {"k", k}});
  checks.length("b", b, {{"k", k}, {"n", n}});
  multiply({.c = c.data(),
            .a = a.data(),
            .b = b.data(),
            .transposeA = transposeA,
            .transposeB = transposeB,
            .m = m,
            .n = n,
            .k = k,
            .alpha = alpha,
            .beta = beta});
}

}  // namespace evenkeel
