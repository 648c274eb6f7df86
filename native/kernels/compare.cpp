#include "kernels/compare.h"

#include <functional>

#include "kernels/elements.h"
#include "kernels/strided.h"

namespace evenkeel {
namespace {

template <class Relation>
void compare(const char* kernel, OutBooleans y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides,
             InIntegers bStrides, const Relation& relation) {
  const Checks checks(kernel);
  const auto body = [&](auto first, auto second) {
    const Walk<2> walk = planWalk(checks, y.size(), shape, {"a", first.size(), "aStrides", aStrides},
                                  {"b", second.size(), "bStrides", bStrides});
    eachPair(first, second, walk, [&](size_t i, auto v, auto w) { y[i] = relation(v, w) ? 1 : 0; });
  };
  ofOneType(checks, a, body, b);
}

}  // namespace

void eq(OutBooleans y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compare("eq", y, a, b, shape, aStrides, bStrides, std::equal_to<>());
}

void lt(OutBooleans y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compare("lt", y, a, b, shape, aStrides, bStrides, std::less<>());
}

void le(OutBooleans y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compare("le", y, a, b, shape, aStrides, bStrides, std::less_equal<>());
}

}  // namespace evenkeel
