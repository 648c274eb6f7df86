#include "kernels/blocks.h"

#include "test/support.h"

namespace evenkeel::test {
namespace {

using Integers = std::vector<std::int32_t>;
using Booleans = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("copyBlocks: into every part of larger blocks at every size") {
  for (const size_t length : kSizes) {
    for (const size_t count : std::vector<size_t>{0, 1, 3}) {
      CAPTURE(length);
      CAPTURE(count);
      const std::vector<float> values = normal(2 + count * (length + 5));
      std::vector<float> expected(1 + count * (length + 3), 7);
      Array y(expected);
      copyBlocks(y.span(), Array(values), 1, length + 3, 2, length + 5, count, length);
      for (size_t i = 0; i < count; ++i) {
        for (size_t j = 0; j < length; ++j) expected[1 + i * (length + 3) + j] = values[2 + i * (length + 5) + j];
      }
      for (size_t i = 0; i < expected.size(); ++i) CHECK(y[i] == expected[i]);
    }
  }
}

TEST_CASE("copyBlocks: of every type into those that hold it") {
  const Booleans booleans{0, 1, 1};
  const Integers integers{-5, 16777217, 3};
  const std::vector<double> doubles{0.1, -2.5, 1e300};
  Integers fromBooleans(3), fromIntegers(3);
  std::vector<float> rounded(3), single(3);
  std::vector<double> wide(3), same(3);
  const auto copy = [](OutElements y, InElements x) { copyBlocks(y, x, 0, 1, 0, 1, 3, 1); };
  copy(fromBooleans, booleans);
  copy(fromIntegers, integers);
  copy(rounded, integers);
  copy(wide, integers);
  copy(same, doubles);
  copy(single, doubles);
  CHECK(fromBooleans == Integers{0, 1, 1});
  CHECK(fromIntegers == integers);
  CHECK(rounded == std::vector<float>{-5, 16777216, 3});
  CHECK(wide == std::vector<double>{-5, 16777217, 3});
  CHECK(same == doubles);
  CHECK(single == std::vector<float>{0.1f, -2.5f, kInfinity});
  Booleans no(3);
  const std::vector<float> floats(3);
  CHECK_THROWS_WITH_AS(copy(no, integers), "copyBlocks: x is not of the type that the other arrays ask for",
                       MixedTypes);
  CHECK_THROWS_AS(copy(fromIntegers, floats), MixedTypes);
  CHECK_THROWS_AS(copy(fromIntegers, doubles), MixedTypes);
}

TEST_CASE("copyBlocks: rejects what would reach outside and writes nothing") {
  constexpr size_t kHuge = size_t{1} << 62;
  Array y(4);
  const Array x({1, 2, 3, 4});
  CHECK_REJECTS(copyBlocks(y.span(), x, 1, 2, 0, 2, 2, 2), "copyBlocks: y has 4 elements, the blocks reach beyond");
  CHECK_REJECTS(copyBlocks(y.span(), x, 0, 2, 1, 2, 2, 2), "copyBlocks: x has 4 elements, the blocks reach beyond");
  CHECK_REJECTS(copyBlocks(y.span(), x, 0, kHuge, 0, 1, 5, 1), "copyBlocks: y has 4 elements, the blocks reach beyond");
  CHECK_REJECTS(copyBlocks(y.span(), x, 0, 1, 5, 0, 1, 0), "copyBlocks: x has 4 elements, the blocks reach beyond");
  CHECK(y.untouched());
}

}  // namespace evenkeel::test
