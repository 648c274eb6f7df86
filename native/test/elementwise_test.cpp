// The functions of one number: exp, log, abs, sigmoid, tanh, silu and gelu.

#include <functional>

#include "kernels/abs.h"
#include "kernels/exp.h"
#include "kernels/gelu.h"
#include "kernels/log.h"
#include "kernels/sigmoid.h"
#include "kernels/silu.h"
#include "kernels/tanh.h"
#include "test/support.h"

namespace evenkeel::test {
namespace {

constexpr double kSmallestNormal = 0x1p-126;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double normalProbability(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }
double normalDensity(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0)); }

constexpr double kCubic = 0.044715;
double approximateProbability(double x) {
  return sigmoid(2 * std::sqrt(2 / std::acos(-1.0)) * (x + kCubic * x * x * x));
}
double approximateDensity(double x) {
  const double s = approximateProbability(x);
  return s * (1 - s) * 2 * std::sqrt(2 / std::acos(-1.0)) * (1 + 3 * kCubic * x * x);
}

struct Forward {
  const char* name;
  std::function<void(Out, In)> kernel;
  double (*expected)(double);
};

const std::vector<Forward>& forwards() {
  static const std::vector<Forward> all{
      {"expForward", expForward, [](double x) { return std::exp(x); }},
      {"logForward", logForward, [](double x) { return std::log(x); }},
      {"absForward", absForward, [](double x) { return std::abs(x); }},
      {"sigmoidForward", sigmoidForward, sigmoid},
      {"tanhForward", tanhForward, [](double x) { return std::tanh(x); }},
      {"siluForward", siluForward, [](double x) { return x * sigmoid(x); }},
      {"geluForward", [](Out y, In x) { geluForward(y, x, false); }, [](double x) { return x * normalProbability(x); }},
      {"geluForward", [](Out y, In x) { geluForward(y, x, true); },
       [](double x) { return x * approximateProbability(x); }},
  };
  return all;
}

// dx = dy * slope(v), where v is the input or the output of the forward pass.
struct Backward {
  const char* name;
  const char* given;
  std::function<void(Out, In, In)> kernel;
  double (*slope)(double);
  double roundings;
  // The size of what is rounded on the way, beside the slope.
  double (*magnitude)(double);
};

double none(double /*v*/) { return 0; }
double one(double /*v*/) { return 1; }

const std::vector<Backward>& backwards() {
  static const std::vector<Backward> all{
      {"absBackward", "x", absBackward, [](double x) { return x > 0   ? 1.0
                                                              : x < 0 ? -1.0
                                                                      : 0.0; }, 0, none},
      {"sigmoidBackward", "y", sigmoidBackward, [](double y) { return y * (1 - y); }, 3, none},
      // Without fused multiply-adds, y^2 is rounded before it is subtracted.
      {"tanhBackward", "y", tanhBackward, [](double y) { return 1 - y * y; }, 3, one},
      {"siluBackward", "x", siluBackward, [](double x) { return sigmoid(x) * (1 + x * (1 - sigmoid(x))); }, 1.01, none},
      {"geluBackward", "x", [](Out dx, In dy, In x) { geluBackward(dx, dy, x, false); },
       [](double x) { return normalProbability(x) + x * normalDensity(x); }, 1.01, none},
      {"geluBackward", "x", [](Out dx, In dy, In x) { geluBackward(dx, dy, x, true); },
       [](double x) { return approximateProbability(x) + x * approximateDensity(x); }, 1.01, none},
  };
  return all;
}

void checkForward(const Forward& forward, const Array& x) {
  Array y(x.size());
  forward.kernel(y, x);
  for (size_t i = 0; i < x.size(); ++i) {
    CAPTURE(x[i]);
    const double expected = forward.expected(x.at(i));
    // Computed in double precision and rounded once; the distribution of gelu is off by 1e-10 before.
    CHECK(close(y[i], expected, 1.01, std::max(std::abs(expected), kSmallestNormal)));
  }
}

}  // namespace

TEST_CASE("functions of one number: rounded once, at every size") {
  for (const Forward& forward : forwards()) {
    CAPTURE(forward.name);
    for (const size_t n : kSizes) {
      checkForward(forward, normal(n, 0, 0.01f));
      checkForward(forward, normal(n, 0, 2));
      checkForward(forward, normal(n, 0, 12));
    }
  }
}

TEST_CASE("functions of one number: the ends of their ranges") {
  const Array x({0, 1e-45f, -1e-45f, 1e-30f, -1e-30f, 88.7f, -87.3f, -103, 17, -17, 3e38f, 1});
  for (const Forward& forward : forwards()) {
    CAPTURE(forward.name);
    checkForward(forward, x);
  }
}

TEST_CASE("functions of one number: infinities and NaN") {
  const Array x({kInfinity, -kInfinity, kNan, 1e38f, -1e38f, -0.0f});
  const std::vector<std::vector<float>> expected{
      {kInfinity, 0, kNan, kInfinity, 0, 1},
      {kInfinity, kNan, kNan, std::log(1e38f), kNan, -kInfinity},
      {kInfinity, kInfinity, kNan, 1e38f, 1e38f, 0},
      {1, 0, kNan, 1, 0, 0.5f},
      {1, -1, kNan, 1, -1, -0.0f},
      {kInfinity, kNan, kNan, 1e38f, -0.0f, -0.0f},
      {kInfinity, kNan, kNan, 1e38f, -0.0f, -0.0f},
      {kInfinity, kNan, kNan, 1e38f, -0.0f, -0.0f},
  };
  for (size_t f = 0; f < expected.size(); ++f) {
    CAPTURE(forwards()[f].name);
    Array y(x.size());
    forwards()[f].kernel(y, x);
    for (size_t i = 0; i < x.size(); ++i) {
      CAPTURE(x[i]);
      CHECK((y[i] == expected[f][i] || (std::isnan(y[i]) && std::isnan(expected[f][i]))));
      CHECK((std::isnan(y[i]) || std::signbit(y[i]) == std::signbit(expected[f][i])));
    }
  }
}

TEST_CASE("functions of one number: gradients, at every size") {
  for (const Backward& backward : backwards()) {
    CAPTURE(backward.name);
    for (const size_t n : kSizes) {
      const Array v = normal(n, 0, 1.5f), dy = normal(n, 0, 1, 2);
      Array dx(n);
      backward.kernel(dx, dy, v);
      for (size_t i = 0; i < n; ++i) {
        CAPTURE(v[i]);
        const double expected = dy.at(i) * backward.slope(v.at(i));
        const double magnitude =
            std::abs(expected) + std::abs(dy.at(i)) * backward.magnitude(v.at(i)) * v.at(i) * v.at(i);
        CHECK(close(dx[i], expected, backward.roundings, magnitude));
      }
    }
  }
}

TEST_CASE("abs: the gradient at 0 is 0, of NaN too") {
  Array dx(3);
  absBackward(dx, Array({2, 2, 2}), Array({0, -0.0f, kNan}));
  for (size_t i = 0; i < 3; ++i) CHECK(dx[i] == 0);
}

TEST_CASE("functions of one number: reject other lengths, and write nothing") {
  const Array three(3), four(4);
  Array y(3);
  const auto message = [](const char* kernel, const char* rest) { return std::string(kernel) + ": " + rest; };
  for (const Forward& forward : forwards()) {
    const std::string expected = message(forward.name, "x has 4 elements, expected y.length = 3");
    CHECK_REJECTS(forward.kernel(y, four), expected.c_str());
  }
  for (const Backward& backward : backwards()) {
    const std::string wrongDy = message(backward.name, "dy has 4 elements, expected dx.length = 3");
    CHECK_REJECTS(backward.kernel(y, four, three), wrongDy.c_str());
    const std::string wrong = message(backward.name, backward.given) + " has 4 elements, expected dx.length = 3";
    CHECK_REJECTS(backward.kernel(y, three, four), wrong.c_str());
  }
  CHECK(y.untouched());
}

}  // namespace evenkeel::test
