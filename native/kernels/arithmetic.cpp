#include "kernels/arithmetic.h"

#include <algorithm>

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

Walk<2> plan(const char* kernel, Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  return planWalk(Checks(kernel), y.size(), shape, {"a", a, "aStrides", aStrides}, {"b", b, "bStrides", bStrides});
}

}  // namespace

void add(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  HWY_DYNAMIC_DISPATCH(addAll)(y, a, b, plan("add", y, a, b, shape, aStrides, bStrides));
}

void sub(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  HWY_DYNAMIC_DISPATCH(subAll)(y, a, b, plan("sub", y, a, b, shape, aStrides, bStrides));
}

void mul(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  HWY_DYNAMIC_DISPATCH(mulAll)(y, a, b, plan("mul", y, a, b, shape, aStrides, bStrides));
}

void div(Out y, In a, In b, InIntegers shape, InIntegers aStrides, InIntegers bStrides) {
  HWY_DYNAMIC_DISPATCH(divAll)(y, a, b, plan("div", y, a, b, shape, aStrides, bStrides));
}

void copyStrided(Out y, In x, InIntegers shape, InIntegers strides) {
  const Walk<1> walk = planWalk(Checks("copyStrided"), y.size(), shape, {"x", x, "strides", strides});
  const size_t stride = walk.rowStrides()[0];
  walk.eachRow([&](size_t start, const std::array<size_t, 1>& at) {
    const float* from = x.data() + at[0];
    float* to = y.data() + start;
    if (stride == 1) {
      std::copy_n(from, walk.rowLength(), to);
    } else {
      for (size_t i = 0; i < walk.rowLength(); ++i) to[i] = from[i * stride];
    }
  });
}

}  // namespace evenkeel
#endif
