#include "kernels/arithmetic.h"

#include <algorithm>
#include <functional>

#include "kernels/elements.h"
#include "kernels/strided.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/arithmetic.cpp"
#include "hwy/foreach_target.h"
#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// One row of an operand: consecutive elements, or one that repeats.
struct Dense {
  const float* elements;
  template <class Size>
  HWY_INLINE Vector at(size_t i, Size size) const {
    return load(elements + i, size);
  }
};

struct Repeated {
  Vector value;
  template <class Size>
  HWY_INLINE Vector at(size_t /*i*/, Size /*size*/) const {
    return value;
  }
};

template <class Op, class A, class B>
HWY_INLINE void combine(float* y, size_t n, const Op& op, const A& a, const B& b) {
  eachVector(n, [&](size_t i, auto size) VECTOR_CODE { store(op(a.at(i, size), b.at(i, size)), y + i, size); });
}

// Elements that lie apart are gathered first, so that `combine` meets no stride but 0 and 1.
constexpr size_t kGather = 256;

HWY_INLINE const float* gather(float* gathered, const float* from, size_t n, size_t stride) {
  if (stride == 1) return from;
  for (size_t i = 0; i < n; ++i) gathered[i] = from[i * stride];
  return gathered;
}

template <class Op>
void combineRow(float* y, size_t n, const Op& op, const float* a, size_t aStride, const float* b, size_t bStride) {
  const size_t step = aStride <= 1 && bStride <= 1 ? n : kGather;
  float gatheredA[kGather], gatheredB[kGather];
  for (size_t i = 0; i < n; i += step) {
    const size_t count = std::min(step, n - i);
    const float* nextA = a + i * aStride;
    const float* nextB = b + i * bStride;
    if (aStride == 0 && bStride == 0) {
      combine(y + i, count, op, Repeated{set(*nextA)}, Repeated{set(*nextB)});
    } else if (aStride == 0) {
      combine(y + i, count, op, Repeated{set(*nextA)}, Dense{gather(gatheredB, nextB, count, bStride)});
    } else if (bStride == 0) {
      combine(y + i, count, op, Dense{gather(gatheredA, nextA, count, aStride)}, Repeated{set(*nextB)});
    } else {
      combine(y + i, count, op, Dense{gather(gatheredA, nextA, count, aStride)},
              Dense{gather(gatheredB, nextB, count, bStride)});
    }
  }
}

template <class Op>
HWY_INLINE void combineAll(Out y, In a, In b, const Walk<2>& walk, const Op& op) {
  const std::array<size_t, 2>& strides = walk.rowStrides();
  walk.eachRow([&](size_t start, const std::array<size_t, 2>& at) {
    combineRow(y.data() + start, walk.rowLength(), op, a.data() + at[0], strides[0], b.data() + at[1], strides[1]);
  });
}

void addAll(Out y, In a, In b, const Walk<2>& walk) {
  combineAll(y, a, b, walk, [](Vector v, Vector w) VECTOR_CODE { return hn::Add(v, w); });
}

void subAll(Out y, In a, In b, const Walk<2>& walk) {
  combineAll(y, a, b, walk, [](Vector v, Vector w) VECTOR_CODE { return hn::Sub(v, w); });
}

void mulAll(Out y, In a, In b, const Walk<2>& walk) {
  combineAll(y, a, b, walk, [](Vector v, Vector w) VECTOR_CODE { return hn::Mul(v, w); });
}

void divAll(Out y, In a, In b, const Walk<2>& walk) {
  combineAll(y, a, b, walk, [](Vector v, Vector w) VECTOR_CODE { return hn::Div(v, w); });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(addAll);
HWY_EXPORT(subAll);
HWY_EXPORT(mulAll);
HWY_EXPORT(divAll);

Walk<2> plan(const Checks& checks, size_t size, size_t aLength, size_t bLength, InIntegers shape, InIntegers aStrides,
             InIntegers bStrides) {
  return planWalk(checks, size, shape, {"a", aLength, "aStrides", aStrides}, {"b", bLength, "bStrides", bStrides});
}

// Floats by the vector code, doubles one by one.
template <class Vectors, class Op>
void compute(const char* kernel, const OutFloats& y, const InFloats& a, const InFloats& b, InIntegers shape,
             InIntegers aStrides, InIntegers bStrides, const Vectors& vectors, const Op& op) {
  const Checks checks(kernel);
  const auto body = [&](auto to, auto first, auto second) {
    const Walk<2> walk = plan(checks, to.size(), first.size(), second.size(), shape, aStrides, bStrides);
    if constexpr (std::is_same_v<decltype(to), Out>) {
      vectors(to, first, second, walk);
    } else {
      eachPair(first, second, walk, [&](size_t i, double v, double w) { to[i] = op(v, w); });
    }
  };
  ofOneType(checks, y, body, a, b);
}

template <typename To, typename From>
void copyRow(To* to, const From* from, size_t n, size_t stride) {
  if constexpr (std::is_same_v<To, From>) {
    if (stride == 1) {
      std::copy_n(from, n, to);
      return;
    }
  }
  for (size_t i = 0; i < n; ++i) to[i] = static_cast<To>(from[i * stride]);
}

}  // namespace

void add(OutFloats y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compute("add", y, a, b, shape, aStrides, bStrides, HWY_DYNAMIC_DISPATCH(addAll), std::plus<double>());
}

void sub(OutFloats y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compute("sub", y, a, b, shape, aStrides, bStrides, HWY_DYNAMIC_DISPATCH(subAll), std::minus<double>());
}

void mul(OutFloats y, InFloats a, InFloats b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  compute("mul", y, a, b, shape, aStrides, bStrides, HWY_DYNAMIC_DISPATCH(mulAll), std::multiplies<double>());
}

void div(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  HWY_DYNAMIC_DISPATCH(divAll)
  (y, a, b, plan(Checks("div"), y.size(), a.size(), b.size(), shape, aStrides, bStrides));
}

void copyStrided(OutElements y, InElements x, InIntegers shape, InIntegers strides) {
  const Checks checks("copyStrided");
  asConverted(checks, y, x, [&](auto to, auto from) {
    const Walk<1> walk = planWalk(checks, to.size(), shape, {"x", from.size(), "strides", strides});
    walk.eachRow([&](size_t start, const std::array<size_t, 1>& at) {
      copyRow(to.data() + start, from.data() + at[0], walk.rowLength(), walk.rowStrides()[0]);
    });
  });
}

}  // namespace evenkeel
#endif
