#include "kernels/pow.h"

#include <cmath>

#include "kernels/strided.h"

namespace evenkeel {
namespace {

// Calls element(i, a[i'], b[i']) for each element of the output.
template <class Element>
void eachPair(In a, In b, const Walk<2>& walk, const Element& element) {
  const size_t aStride = walk.rowStrides()[0];
  const size_t bStride = walk.rowStrides()[1];
  walk.eachRow([&](size_t start, const std::array<size_t, 2>& at) {
    for (size_t i = 0; i < walk.rowLength(); ++i) element(start + i, a[at[0] + i * aStride], b[at[1] + i * bStride]);
  });
}

}  // namespace

void powForward(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  const Walk<2> walk =
      planWalk(Checks("powForward"), y.size(), shape, {"a", a, "aStrides", aStrides}, {"b", b, "bStrides", bStrides});
  eachPair(a, b, walk, [&](size_t i, float base, float exponent) { y[i] = std::pow(base, exponent); });
}

void powBackward(OptionalOut da, OptionalOut db, In dy, In a, In b, In y, InIntegers shape, InIntegers aStrides,
                 InIntegers bStrides) {
  const Checks checks("powBackward");
  const Walk<2> walk =
      planWalk(checks, y.size(), shape, {"a", a, "aStrides", aStrides}, {"b", b, "bStrides", bStrides});
  checks.length("dy", dy, {{"y.length", y.size()}});
  checks.length("da", da, {{"y.length", y.size()}});
  checks.length("db", db, {{"y.length", y.size()}});
  eachPair(a, b, walk, [&](size_t i, float base, float exponent) {
    if (da) (*da)[i] = exponent == 0 ? 0 : dy[i] * (exponent * std::pow(base, exponent - 1));
    if (db) (*db)[i] = base == 0 && exponent >= 0 ? 0 : dy[i] * (y[i] * std::log(base));
  });
}

}  // namespace evenkeel
