#include "kernels/pow.h"

#include <cmath>

#include "kernels/strided.h"

namespace evenkeel {
void powForward(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  const Walk<2> walk = planWalk(Checks("powForward"), y.size(), shape, {"a", a.size(), "aStrides", aStrides},
                                {"b", b.size(), "bStrides", bStrides});
  eachPair(a, b, walk, [&](size_t i, float base, float exponent) { y[i] = std::pow(base, exponent); });
}

void powBackward(OptionalOut da, OptionalOut db, In dy, In a, In b, In y, InIntegers shape, InIntegers aStrides,
                 InIntegers bStrides) {
  const Checks checks("powBackward");
  const Walk<2> walk =
      planWalk(checks, y.size(), shape, {"a", a.size(), "aStrides", aStrides}, {"b", b.size(), "bStrides", bStrides});
  checks.length("dy", dy, {{"y.length", y.size()}});
  checks.length("da", da, {{"y.length", y.size()}});
  checks.length("db", db, {{"y.length", y.size()}});
  eachPair(a, b, walk, [&](size_t i, float base, float exponent) {
    if (da) (*da)[i] = exponent == 0 ? 0 : dy[i] * (exponent * std::pow(base, exponent - 1));
    if (db) (*db)[i] = base == 0 && exponent >= 0 ? 0 : dy[i] * (y[i] * std::log(base));
  });
}

}  // namespace evenkeel
