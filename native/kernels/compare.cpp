#include "kernels/compare.h"

#include <functional>

#include "kernels/strided.h"

namespace evenkeel {
namespace {

template <class Relation>
void compare(const char* kernel, OutBooleans y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides,
             const Relation& relation) {
  const Walk<2> walk =
      planWalk(Checks(kernel), y.size(), shape, {"a", a, "aStrides", aStrides}, {"b", b, "bStrides", bStrides});
  eachPair(a, b, walk, [&](size_t i, float v, float w) { y[i] = relation(v, w) ? 1 : 0; });
}

}  // namespace

void eq(OutBooleans y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compare("eq", y, a, b, shape, aStrides, bStrides, std::equal_to<float>());
}

void lt(OutBooleans y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compare("lt", y, a, b, shape, aStrides, bStrides, std::less<float>());
}

void le(OutBooleans y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compare("le", y, a, b, shape, aStrides, bStrides, std::less_equal<float>());
}

}  // namespace evenkeel
