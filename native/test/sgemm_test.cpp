#include "kernels/sgemm.h"

#include <array>

#include "test/support.h"

namespace evenkeel::test {
namespace {

void checkProduct(size_t m, size_t n, size_t k, bool transposeA, bool transposeB, float alpha, float beta) {
  CAPTURE(m);
  CAPTURE(n);
  CAPTURE(k);
  CAPTURE(transposeA);
  CAPTURE(transposeB);
  CAPTURE(beta);
  const Array a = normal(m * k), b = normal(k * n, 0, 1, 2), before = normal(m * n, 0, 1, 3);
  Array c(normal(m * n, 0, 1, 3));
  sgemm(c, a, b, transposeA, transposeB, m, n, k, alpha, beta);
  for (size_t i = 0; i < m; ++i) {
    for (size_t j = 0; j < n; ++j) {
      double expected = static_cast<double>(beta) * before.at(i * n + j);
      double magnitude = std::abs(expected);
      for (size_t l = 0; l < k; ++l) {
        const double term = a.at(transposeA ? l * m + i : i * k + l) * b.at(transposeB ? j * k + l : l * n + j);
        expected += static_cast<double>(alpha) * term;
        magnitude += std::abs(static_cast<double>(alpha) * term);
      }
      // One rounding a term, in the worst order; hardly ever more than a few of them agree.
      CHECK(close(c[i * n + j], expected, 4, magnitude));
    }
  }
}

}  // namespace

TEST_CASE("sgemm: every transposition, at every size") {
  for (const size_t m : std::vector<size_t>{0, 1, 3, 17}) {
    for (const size_t n : std::vector<size_t>{0, 1, 7, 16, 33}) {
      for (const size_t k : std::vector<size_t>{0, 1, 9, 130}) {
        for (const int transpositions : {0, 1, 2, 3}) {
          for (const float beta : {0.0f, 1.0f}) {
            checkProduct(m, n, k, transpositions & 1, transpositions & 2, 0.5f, beta);
          }
        }
      }
    }
  }
}

TEST_CASE("sgemm: at the edges of tiles, small and large ones") {
  const std::vector<std::array<size_t, 3>> sizes{
      {33, 65, 130}, {47, 79, 33}, {130, 33, 9}, {33, 65, 977}, {130, 150, 1000}};
  for (const auto& [m, n, k] : sizes) {
    for (const int transpositions : {0, 1, 2, 3}) checkProduct(m, n, k, transpositions & 1, transpositions & 2, 1, 1);
  }
}

TEST_CASE("sgemm: with beta = 0, what was in c does not matter") {
  for (const size_t k : std::vector<size_t>{size_t{0}, size_t{2}}) {
    Array c({kNan, kInfinity, kNan, kNan});
    sgemm(c, Array(std::vector<float>(2 * k, 1)), Array(std::vector<float>(2 * k, 1)), false, false, 2, 2, k, 1, 0);
    for (size_t i = 0; i < 4; ++i) CHECK(c[i] == static_cast<float>(k));
  }
}

TEST_CASE("sgemm: rejects other lengths, and writes nothing") {
  const Array six(6), eight(8);
  Array c(12);
  CHECK_REJECTS(sgemm(c, six, eight, false, false, 3, 5, 2, 1, 0),
                "sgemm: c has 12 elements, expected m * n = 3 * 5 = 15");
  CHECK_REJECTS(sgemm(c, eight, eight, false, false, 3, 4, 2, 1, 0),
                "sgemm: a has 8 elements, expected m * k = 3 * 2 = 6");
  CHECK_REJECTS(sgemm(c, six, six, true, true, 3, 4, 2, 1, 0), "sgemm: b has 6 elements, expected k * n = 2 * 4 = 8");
  CHECK(c.untouched());
}

TEST_CASE("sgemm: rejects sizes beyond the integers of BLAS, also of empty matrices") {
  Array empty(0);
  const size_t most = 2147483647;
  CHECK_REJECTS(sgemm(empty, empty, empty, false, false, most + 1, 0, 0, 1, 0),
                "sgemm: m is 2147483648, expected 0 to 2147483647");
  CHECK_REJECTS(sgemm(empty, empty, empty, false, false, 0, most + 1, 0, 1, 0),
                "sgemm: n is 2147483648, expected 0 to 2147483647");
  CHECK_REJECTS(sgemm(empty, empty, empty, false, false, 0, 0, most + 1, 1, 0),
                "sgemm: k is 2147483648, expected 0 to 2147483647");
  CHECK_NOTHROW(sgemm(empty, empty, empty, false, false, most, 0, 0, 1, 0));
}

}  // namespace evenkeel::test
