#include "kernels/linear.h"

#include <algorithm>

#include "kernels/column_sums.h"
#include "kernels/parallel.h"
#include "kernels/product.h"
#include "kernels/reduce.h"
#include "kernels/relu.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/linear.cpp"
#include "hwy/foreach_target.h"
#include "kernels/column_sums-inl.h"
#include "kernels/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace evenkeel {
namespace HWY_NAMESPACE {
namespace {

// For a strip of columns, which begins where the pointers point: dz = z <= 0 ? 0 : dy, and the sums of its columns.
void maskAndSumStrip(Out dBias, float* dz, const float* dy, const float* z, size_t rows, size_t cols) {
  const auto mask = [](Vector dv, Vector v) VECTOR_CODE { return hn::IfThenZeroElse(hn::Le(v, zero()), dv); };
  sumStrip(dBias, dz, rows, cols, [&](size_t begin, size_t end) VECTOR_CODE {
    for (size_t r = begin; r < end; ++r) map(dz + r * cols, dBias.size(), mask, dy + r * cols, z + r * cols);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace evenkeel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace evenkeel {
namespace {
HWY_EXPORT(maskAndSumStrip);

void checkInputs(const Checks& checks, In x, In weight, size_t rows, size_t outFeatures, size_t inFeatures) {
  checks.range("rows", rows, 0, mostLength());
  checks.range("outFeatures", outFeatures, 0, mostLength());
  checks.range("inFeatures", inFeatures, 0, mostLength());
  checks.length("x", x, {{"rows", rows}, {"inFeatures", inFeatures}});
  checks.length("weight", weight, {{"outFeatures", outFeatures}, {"inFeatures", inFeatures}});
}

// What reluBackward and then sum would give, in one pass.
void maskAndSum(Out dBias, Out dz, In dy, In z, size_t rows, size_t cols) {
  parallelRows(stripsOf(cols), rows * std::min(cols, kStrip), [&](size_t begin, size_t end) {
    for (size_t c = begin * kStrip; c < std::min(cols, end * kStrip); c += kStrip) {
      const Out part = dBias.subspan(c, std::min(kStrip, cols - c));
      HWY_DYNAMIC_DISPATCH(maskAndSumStrip)(part, dz.data() + c, dy.data() + c, z.data() + c, rows, cols);
    }
  });
}

}  // namespace

void linearForward(Out y, In x, In weight, OptionalIn bias, size_t rows, size_t outFeatures, size_t inFeatures,
                   bool relu) {
  const Checks checks("linearForward");
  checkInputs(checks, x, weight, rows, outFeatures, inFeatures);
  checks.length("y", y, {{"rows", rows}, {"outFeatures", outFeatures}});
  checks.length("bias", bias, {{"outFeatures", outFeatures}});
  multiply({.c = y.data(),
            .a = x.data(),
            .b = weight.data(),
            .transposeA = false,
            .transposeB = true,
            .m = rows,
            .n = outFeatures,
            .k = inFeatures,
            .bias = bias ? bias->data() : nullptr,
            .relu = relu});
}

void linearBackward(OptionalOut dx, OptionalOut dWeight, OptionalOut dBias, OptionalOut dz, In dy, OptionalIn z, In x,
                    In weight, size_t rows, size_t outFeatures, size_t inFeatures) {
  const Checks checks("linearBackward");
  checkInputs(checks, x, weight, rows, outFeatures, inFeatures);
  checks.length("dx", dx, {{"rows", rows}, {"inFeatures", inFeatures}});
  checks.length("dWeight", dWeight, {{"outFeatures", outFeatures}, {"inFeatures", inFeatures}});
  checks.length("dBias", dBias, {{"outFeatures", outFeatures}});
  checks.length("dz", dz, {{"rows", rows}, {"outFeatures", outFeatures}});
  checks.length("dy", dy, {{"rows", rows}, {"outFeatures", outFeatures}});
  checks.length("z", z, {{"rows", rows}, {"outFeatures", outFeatures}});
  if (z.has_value() != dz.has_value()) checks.fail("z and dz go together, expected both or neither");

  // Sums of one column are made in another way, which reluBackward and sum share.
  const bool isOnePass = z && dBias && outFeatures > 1;
  if (isOnePass)
    maskAndSum(*dBias, *dz, dy, *z, rows, outFeatures);
  else if (z)
    reluBackward(*dz, dy, *z);
  const In gradient = z ? In(*dz) : dy;
  if (dx) {
    multiply({.c = dx->data(),
              .a = gradient.data(),
              .b = weight.data(),
              .transposeA = false,
              .transposeB = false,
              .m = rows,
              .n = inFeatures,
              .k = outFeatures});
  }
  if (dWeight) {
    multiply({.c = dWeight->data(),
              .a = gradient.data(),
              .b = x.data(),
              .transposeA = true,
              .transposeB = false,
              .m = outFeatures,
              .n = inFeatures,
              .k = rows});
  }
  if (dBias && !isOnePass) sum(*dBias, gradient, 1, rows, outFeatures);
}

}  // namespace evenkeel
#endif
