#include "kernels/product.h"

#include <algorithm>
#include <limits>

#include "blas/blas.h"
#include "kernels/parallel.h"
#include "kernels/relu.h"

namespace evenkeel {
namespace {

// The part of c that one call of BLAS computes.
struct Tile {
  size_t rows;
  size_t cols;
};

// OpenBLAS takes its small kernels for tiles of up to 10^6 multiplications, and where b alone is transposed, for such
// as these. They are faster as long as all three matrices stay in the cache. Of the tiles that were measured (Zen 4,
// OpenBLAS 0.3.21), these are the fastest: 105 to 117 GFLOP/s, beside 75 to 105 in one call.
bool isSmall(const Product& p) {
  constexpr size_t kMostElements = size_t{1} << 19;
  constexpr size_t kMostTerms = 976;
  return blasHasSmallKernels() && p.k <= kMostTerms && p.m * p.k + p.k * p.n + p.m * p.n <= kMostElements;
}

Tile smallTile(const Product& p) { return p.transposeA || p.transposeB ? Tile{32, 32} : Tile{16, 64}; }

// Large matrices are divided as little as it takes to keep some threads busy, since each tile packs its part of a and b
// anew. The bounds must not depend on the number of threads: nor do the results, then.
Tile largeTile(const Product& p) {
  constexpr size_t kLeastTerms = size_t{1} << 23;
  constexpr size_t kTiles = 4;
  Tile tile{std::min<size_t>(p.m, 512), std::min<size_t>(p.n, 1024)};
  const auto count = [&] { return ((p.m + tile.rows - 1) / tile.rows) * ((p.n + tile.cols - 1) / tile.cols); };
  while (count() < kTiles && tile.rows * tile.cols * p.k >= 2 * kLeastTerms) {
    size_t& longer = tile.cols >= tile.rows ? tile.cols : tile.rows;
    longer = (longer / 2 + 15) / 16 * 16;
  }
  return tile;
}

void multiplyTile(const Product& p, size_t row, size_t col, Tile tile) {
  const size_t rows = std::min(tile.rows, p.m - row), cols = std::min(tile.cols, p.n - col);
  float* c = p.c + row * p.n + col;
  if (p.bias) {
    for (size_t r = 0; r < rows; ++r) std::copy_n(p.bias + col, cols, c + r * p.n);
  }
  const size_t lda = p.transposeA ? p.m : p.k;
  const size_t ldb = p.transposeB ? p.k : p.n;
  // BLAS wants a leading dimension of at least 1, also where there are no columns.
  const auto leading = [](size_t length) { return static_cast<BlasInt>(std::max<size_t>(length, 1)); };
  cblas_sgemm(CblasRowMajor, p.transposeA ? CblasTrans : CblasNoTrans, p.transposeB ? CblasTrans : CblasNoTrans,
              static_cast<BlasInt>(rows), static_cast<BlasInt>(cols), static_cast<BlasInt>(p.k), p.alpha,
              p.a + (p.transposeA ? row : row * lda), leading(lda), p.b + (p.transposeB ? col * ldb : col),
              leading(ldb), p.bias ? 1 : p.beta, c, leading(p.n));
  if (p.relu) {
    for (size_t r = 0; r < rows; ++r) rectify({c + r * p.n, cols});
  }
}

// Tile by tile, those of the same columns one after the other: their part of b stays in the cache.
void multiplyTiles(const Product& p, Tile tile, size_t tilesAtOnce) {
  const size_t down = (p.m + tile.rows - 1) / tile.rows;
  const size_t across = (p.n + tile.cols - 1) / tile.cols;
  parallelFor(down * across, tilesAtOnce, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) multiplyTile(p, i % down * tile.rows, i / down * tile.cols, tile);
  });
}

}  // namespace

void multiply(const Product& p) {
  if (p.m == 0 || p.n == 0) return;
  if (!isSmall(p)) return multiplyTiles(p, largeTile(p), 1);
  // About 20 us of work at a time, and all at once where other threads would hardly have begun before the end.
  constexpr size_t kTermsAtOnce = size_t{1} << 20;
  const Tile tile = smallTile(p);
  const bool isShort = p.m * p.n * p.k < 4 * kTermsAtOnce;
  multiplyTiles(p, tile, isShort ? p.m * p.n : kTermsAtOnce / (tile.rows * tile.cols * p.k) + 1);
}

size_t mostLength() { return std::numeric_limits<BlasInt>::max(); }

}  // namespace evenkeel
