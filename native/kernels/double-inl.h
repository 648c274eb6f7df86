// Walks over float arrays in double precision: elements are widened as they are loaded and rounded once, as they are
// stored. Squares of any float fit, and sums keep every digit that shows in a float.
//
// Compiled once for each instruction set, like vector-inl.h.
#if defined(EVENKEEL_KERNELS_DOUBLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EVENKEEL_KERNELS_DOUBLE_INL_H_
#undef EVENKEEL_KERNELS_DOUBLE_INL_H_
#else
#define EVENKEEL_KERNELS_DOUBLE_INL_H_
#endif

#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR
using Doubles = hn::Rebind<double, Floats>;
#else
using Doubles = hn::Repartition<double, Floats>;
#endif
using DoubleVector = hn::Vec<Doubles>;

// As many floats as there are doubles in a vector.
using NarrowFloats = hn::Rebind<float, Doubles>;

HWY_INLINE size_t doubleLanes() { return hn::Lanes(Doubles()); }
HWY_INLINE DoubleVector setDouble(double value) { return hn::Set(Doubles(), value); }
HWY_INLINE DoubleVector zeroDouble() { return hn::Zero(Doubles()); }

// The lanes that lie outside are zero.
template <class Size>
HWY_INLINE DoubleVector widen(const float* from, Size size) {
  return hn::PromoteTo(Doubles(), load(NarrowFloats(), from, size));
}

template <class Size>
HWY_INLINE void storeRounded(DoubleVector v, float* to, Size size) {
#if HWY_TARGET == HWY_SCALAR  // Its DemoteTo knows no infinity.
  store(NarrowFloats(), hn::Set(NarrowFloats(), static_cast<float>(hn::GetLane(v))), to, size);
#else
  store(NarrowFloats(), hn::DemoteTo(NarrowFloats(), v), to, size);
#endif
}

// The elements of a vector of floats, in as many vectors of doubles as it takes.
inline constexpr size_t kHalves = HWY_TARGET == HWY_SCALAR ? 1 : 2;
using WideVector = DoubleVector[kHalves];

// How much of a half lies inside an array.
HWY_INLINE Whole half(size_t /*h*/, Whole size) { return size; }
HWY_INLINE Part half(size_t h, Part part) {
  const size_t before = h * doubleLanes();
  return Part{part.count > before ? std::min(part.count - before, doubleLanes()) : 0};
}

HWY_INLINE Vector rounded(const WideVector& v) {
#if HWY_TARGET == HWY_SCALAR  // Its DemoteTo knows no infinity.
  return set(static_cast<float>(hn::GetLane(v[0])));
#else
  return hn::Combine(Floats(), hn::DemoteTo(NarrowFloats(), v[1]), hn::DemoteTo(NarrowFloats(), v[0]));
#endif
}

// The lanes that lie outside become zero.
HWY_INLINE DoubleVector keepInside(DoubleVector v, Whole) { return v; }
HWY_INLINE DoubleVector keepInside(DoubleVector v, Part part) {
  return hn::IfThenElseZero(hn::FirstN(Doubles(), part.count), v);
}

// to[i] += v[i]
template <class Size>
HWY_INLINE void addDoubles(DoubleVector v, double* to, Size size) {
  store(Doubles(), hn::Add(load(Doubles(), to, size), v), to, size);
}

// Calls body(i, size) for the vectors that cover n elements. All but the last are whole.
template <class Body>
HWY_INLINE void eachDoubleVector(size_t n, const Body& body) {
  size_t i = 0;
  for (; i + doubleLanes() <= n; i += doubleLanes()) body(i, Whole());
  if (i < n) body(i, Part{n - i});
}

// Sums of n terms: step(i, size, sums) adds the terms of the vector at i to the vectors in `sums`. What it adds for
// lanes outside of `size` counts too, and should be zero. Several vectors for each sum hide the latency of an addition.
template <size_t count, size_t unroll = 4, class Step>
HWY_INLINE std::array<double, count> reduceInDouble(size_t n, const Step& step) {
  DoubleVector sums[unroll][count];
  for (size_t s = 0; s < count; ++s) {
    for (size_t u = 0; u < unroll; ++u) sums[u][s] = zeroDouble();
  }
  size_t i = 0;
  for (; i + unroll * doubleLanes() <= n; i += unroll * doubleLanes()) {
    for (size_t u = 0; u < unroll; ++u) step(i + u * doubleLanes(), Whole(), sums[u]);
  }
  for (; i + doubleLanes() <= n; i += doubleLanes()) step(i, Whole(), sums[0]);
  if (i < n) step(i, Part{n - i}, sums[1]);
  std::array<double, count> totals{};
  for (size_t s = 0; s < count; ++s) {
    DoubleVector sum = hn::Add(sums[0][s], sums[1][s]);
    for (size_t u = 2; u < unroll; u += 2) sum = hn::Add(sum, hn::Add(sums[u][s], sums[u + 1][s]));
    totals[s] = hn::GetLane(hn::SumOfLanes(Doubles(), sum));
  }
  return totals;
}

// A number for each of some columns, of which so many are worked on at a time: their totals stay in the cache.
inline constexpr size_t kStrip = 512;
using Strip = std::array<double, kStrip>;

template <size_t rows, size_t count, class Step>
HWY_INLINE void addRows(std::array<Strip, count>& totals, size_t r, size_t cols, const Step& step) {
  eachDoubleVector(cols, [&](size_t c, auto size) VECTOR_CODE {
    DoubleVector sums[count];
    for (size_t s = 0; s < count; ++s) sums[s] = hn::LoadU(Doubles(), totals[s].data() + c);
    for (size_t i = 0; i < rows; ++i) step(r + i, c, size, sums);
    for (size_t s = 0; s < count; ++s) hn::StoreU(sums[s], Doubles(), totals[s].data() + c);
  });
}

// Sums of the columns of a matrix, kStrip at most: step(r, c, size, sums) adds the terms in row r of the columns from c
// on. What it adds for lanes outside of `size` does not count.
template <size_t count, class Step>
HWY_INLINE std::array<Strip, count> reduceColumnsInDouble(size_t rows, size_t cols, const Step& step) {
  std::array<Strip, count> totals{};
  size_t r = 0;
  for (; r + 4 <= rows; r += 4) addRows<4>(totals, r, cols, step);
  for (; r < rows; ++r) addRows<1>(totals, r, cols, step);
  return totals;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#endif  // EVENKEEL_KERNELS_DOUBLE_INL_H_
