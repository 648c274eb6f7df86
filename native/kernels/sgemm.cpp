#include "kernels/sgemm.h"

#include <cblas.h>

#include <algorithm>
#include <limits>

namespace evenkeel {

void sgemm(InOut c, In a, In b, bool transposeA, bool transposeB, size_t m, size_t n, size_t k, float alpha,
           float beta) {
  const Checks checks("sgemm");
  const size_t most = std::numeric_limits<blasint>::max();
  checks.range("m", m, 0, most);
  checks.range("n", n, 0, most);
  checks.range("k", k, 0, most);
  checks.length("c", c, {{"m", m}, {"n", n}});
  checks.length("a", a, {{"m", m}, {"k", k}});
  checks.length("b", b, {{"k", k}, {"n", n}});
  if (c.empty()) return;

  // BLAS wants a leading dimension of at least 1, also where there are no columns.
  const auto leading = [](size_t cols) { return static_cast<blasint>(std::max<size_t>(cols, 1)); };
  cblas_sgemm(CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
              static_cast<blasint>(m), static_cast<blasint>(n), static_cast<blasint>(k), alpha, a.data(),
              leading(transposeA ? m : k), b.data(), leading(transposeB ? k : n), beta, c.data(), leading(n));
}

}  // namespace evenkeel
