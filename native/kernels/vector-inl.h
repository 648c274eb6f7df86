// What the vector kernels share: walks over arrays of any length and alignment, vector by vector.
//
// Compiled once for each instruction set, inside hwy/foreach_target.h, like everything that includes it.
#if defined(EVENKEEL_KERNELS_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EVENKEEL_KERNELS_VECTOR_INL_H_
#undef EVENKEEL_KERNELS_VECTOR_INL_H_
#else
#define EVENKEEL_KERNELS_VECTOR_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"

// Lambdas inherit neither the instruction set of their function nor its inlining.
#undef VECTOR_CODE
#define VECTOR_CODE HWY_ATTR __attribute__((always_inline))

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using std::size_t;

using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;

HWY_INLINE size_t lanes() { return hn::Lanes(Floats()); }
HWY_INLINE Vector set(float value) { return hn::Set(Floats(), value); }
HWY_INLINE Vector zero() { return hn::Zero(Floats()); }

// How much of a vector lies inside an array: all of it, or its first lanes, fewer than all. Kernels are written once,
// and the overloads below take care of the end of the array.
struct Whole {};
struct Part {
  size_t count;
};

template <class D>
HWY_INLINE hn::Vec<D> load(D d, const hn::TFromD<D>* from, Whole) {
  return hn::LoadU(d, from);
}

template <class D>
HWY_INLINE void store(D d, hn::Vec<D> v, hn::TFromD<D>* to, Whole) {
  hn::StoreU(v, d, to);
}

HWY_INLINE Vector keep(Vector v, Vector /*rest*/, Whole) { return v; }

// The lanes that lie outside are zero; the memory there is not touched.
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const hn::TFromD<D>* from, Part part) {
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN hn::TFromD<D> whole[hn::MaxLanes(d)] = {};
  for (size_t i = 0; i < part.count; ++i) whole[i] = from[i];
  return hn::Load(d, whole);
#else
  return hn::MaskedLoad(hn::FirstN(d, part.count), d, from);
#endif
}

template <class D>
HWY_INLINE void store(D d, hn::Vec<D> v, hn::TFromD<D>* to, Part part) {
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN hn::TFromD<D> whole[hn::MaxLanes(d)];
  hn::Store(v, d, whole);
  for (size_t i = 0; i < part.count; ++i) to[i] = whole[i];
#else
  hn::BlendedStore(v, hn::FirstN(d, part.count), d, to);
#endif
}

template <class Size>
HWY_INLINE Vector load(const float* from, Size size) {
  return load(Floats(), from, size);
}

template <class Size>
HWY_INLINE void store(Vector v, float* to, Size size) {
  store(Floats(), v, to, size);
}

// The lanes that lie outside are taken from `rest`.
HWY_INLINE Vector keep(Vector v, Vector rest, Part part) {
  return hn::IfThenElse(hn::FirstN(Floats(), part.count), v, rest);
}

// The larger value, NaN if either is.
HWY_INLINE Vector maximum(Vector a, Vector b) {
  return hn::IfThenElse(hn::Ge(a, b), a, hn::IfThenElse(hn::Eq(a, a), b, a));
}

// Calls body(i, size) for the vectors that cover n elements. All are whole except the last and, if `head` is not 0, the
// first, which then has that many elements.
template <class Body>
HWY_INLINE void eachVector(size_t n, const Body& body, size_t head = 0) {
  size_t i = std::min(head, n);
  if (i > 0) body(size_t{0}, Part{i});
  for (; i + lanes() <= n; i += lanes()) body(i, Whole());
  if (i < n) body(i, Part{n - i});
}

// How results go to memory: through the caches, where the next kernel finds them, or past them, which saves reading
// their memory first and is the faster way for results that the caches could not hold anyway.
struct Cached {
  static constexpr bool kStreams = false;
  static HWY_INLINE size_t head(const float* /*to*/) { return 0; }
  template <class Size>
  static HWY_INLINE void put(Vector v, float* to, Size size) {
    store(v, to, size);
  }
};

struct Streamed {
  static constexpr bool kStreams = true;
  // To be given to eachVector: whole vectors must be aligned.
  static HWY_INLINE size_t head(const float* to) {
    return (-(reinterpret_cast<std::uintptr_t>(to) / sizeof(float))) % lanes();
  }
  static HWY_INLINE void put(Vector v, float* to, Whole) { hn::Stream(v, Floats(), to); }
  static HWY_INLINE void put(Vector v, float* to, Part part) { store(v, to, part); }
};

// Whether a (rows, cols) result should be streamed, and can be: the rows must be aligned alike. With 32 MB of cache,
// results of 12 MB gained a third in layer normalisation, and those of 8 MB lost as much.
inline bool shouldStream(size_t rows, size_t cols) {
  constexpr size_t kLeast = (size_t{12} << 20) / sizeof(float);
  return cols % lanes() == 0 && rows * cols >= kLeast;
}

// y[i] = f(x[i]...)
template <class F, class... Inputs>
HWY_INLINE void map(float* y, size_t n, const F& f, const Inputs*... x) {
  eachVector(n, [&](size_t i, auto size) VECTOR_CODE { store(f(load(x + i, size)...), y + i, size); });
}

// Sums of n terms: step(i, size, sums) adds the terms of the vector at i to the vectors in `sums`. What it adds for
// lanes outside of `size` counts too, and should be zero.
//
// Four vectors for each sum hide the latency of an addition; they are added up in double precision after at most 64
// additions each, so that rounding errors do not grow with n.
template <size_t count, class Step>
HWY_INLINE std::array<double, count> reduce(size_t n, const Step& step) {
  constexpr size_t kUnroll = 4;
  const size_t block = 64 * kUnroll * lanes();
  std::array<double, count> totals{};
  for (size_t begin = 0; begin < n; begin += block) {
    const size_t end = begin + std::min(block, n - begin);
    Vector sums[kUnroll][count];
    for (size_t s = 0; s < count; ++s) {
      for (size_t u = 0; u < kUnroll; ++u) sums[u][s] = zero();
    }
    size_t i = begin;
    for (; i + kUnroll * lanes() <= end; i += kUnroll * lanes()) {
      step(i, Whole(), sums[0]);
      step(i + lanes(), Whole(), sums[1]);
      step(i + 2 * lanes(), Whole(), sums[2]);
      step(i + 3 * lanes(), Whole(), sums[3]);
    }
    for (; i + lanes() <= end; i += lanes()) step(i, Whole(), sums[0]);
    if (i < end) step(i, Part{end - i}, sums[1]);
    for (size_t s = 0; s < count; ++s) {
      const Vector sum = hn::Add(hn::Add(sums[0][s], sums[1][s]), hn::Add(sums[2][s], sums[3][s]));
      totals[s] += static_cast<double>(hn::GetLane(hn::SumOfLanes(Floats(), sum)));
    }
  }
  return totals;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#endif  // EVENKEEL_KERNELS_VECTOR_INL_H_
