#include "kernels/adam.h"

#include <array>
#include <functional>

#include "test/support.h"

namespace evenkeel::test {
namespace {

struct Flags {
  bool amsgrad = false;
  bool maximize = false;
  bool decoupled = false;
};

// The lists of the kernel for one tensor.
struct Tensor {
  Array param, grad, expAvg, expAvgSq, maxExpAvgSq, step;

  explicit Tensor(size_t n)
      : param(normal(n)),
        grad(normal(n, 0, 1, 2)),
        expAvg(std::vector<float>(n)),
        expAvgSq(std::vector<float>(n)),
        maxExpAvgSq(std::vector<float>(n)),
        step({0}) {}
};

void stepBoth(Tensor& first, Tensor& second, InDoubles hyper, const Flags& flags) {
  const std::array<InOut, 2> params{first.param, second.param}, expAvgs{first.expAvg, second.expAvg};
  const std::array<InOut, 2> expAvgSqs{first.expAvgSq, second.expAvgSq}, steps{first.step, second.step};
  const std::array<InOut, 2> maxima{first.maxExpAvgSq, second.maxExpAvgSq};
  const std::array<In, 2> grads{first.grad, second.grad};
  adam(params, grads, expAvgs, expAvgSqs, flags.amsgrad ? InOutList(maxima) : InOutList(), steps, hyper, flags.amsgrad,
       flags.maximize, flags.decoupled);
}

// Adam as it is written down in the header, in double precision.
class Oracle {
 public:
  explicit Oracle(const Tensor& start) : m_(start.param.size()), v_(start.param.size()), vMax_(start.param.size()) {
    for (size_t i = 0; i < start.param.size(); ++i) params_.push_back(start.param.at(i));
  }

  void step(const Tensor& tensor, const std::array<double, 5>& hyper, const Flags& flags) {
    const auto [lr, beta1, beta2, eps, weightDecay] = hyper;
    ++t_;
    for (size_t i = 0; i < params_.size(); ++i) {
      double g = flags.maximize ? -tensor.grad.at(i) : tensor.grad.at(i);
      if (flags.decoupled) {
        params_[i] *= 1 - lr * weightDecay;
      } else {
        g += weightDecay * params_[i];
      }
      m_[i] = beta1 * m_[i] + (1 - beta1) * g;
      v_[i] = beta2 * v_[i] + (1 - beta2) * g * g;
      vMax_[i] = std::max(vMax_[i], v_[i]);
      const double v = (flags.amsgrad ? vMax_[i] : v_[i]) / (1 - std::pow(beta2, t_));
      params_[i] -= lr / (1 - std::pow(beta1, t_)) * m_[i] / (std::sqrt(v) + eps);
    }
  }

  double param(size_t i) const { return params_[i]; }

 private:
  std::vector<double> params_, m_, v_, vMax_;
  double t_ = 0;
};

}  // namespace

TEST_CASE("adam: ten steps with every combination of flags, at every size") {
  // A large eps, small betas and a gradient that shrinks tell apart what would be nearly the same otherwise.
  const std::array<double, 5> hyper{0.01, 0.7, 0.8, 0.1, 0.1};
  for (const size_t n : kSizes) {
    for (unsigned bits = 0; bits < 8; ++bits) {
      const Flags flags{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
      CAPTURE(n);
      CAPTURE(bits);
      Tensor first(n), second(3);
      Oracle firstExpected(first), secondExpected(second);
      for (int t = 0; t < 10; ++t) {
        stepBoth(first, second, hyper, flags);
        firstExpected.step(first, hyper, flags);
        secondExpected.step(second, hyper, flags);
        for (float& g : first.grad.span()) g /= 2;
        for (float& g : second.grad.span()) g /= 2;
      }
      // In each step the parameter is rounded, up to twice; the update itself is a hundredth as large.
      for (size_t i = 0; i < n; ++i)
        CHECK(close(first.param[i], firstExpected.param(i), 10, 1 + std::abs(first.param.at(i))));
      for (size_t i = 0; i < 3; ++i)
        CHECK(close(second.param[i], secondExpected.param(i), 10, 1 + std::abs(second.param.at(i))));
      CHECK(first.step[0] == 10);
      CHECK(second.step[0] == 10);
    }
  }
}

TEST_CASE("adam: the first step has the size of the learning rate, thanks to the bias corrections") {
  Tensor tensor(4), other(1);
  const std::vector<float> before = normal(4);
  stepBoth(tensor, other, std::array{0.001, 0.9, 0.999, 1e-8, 0.0}, {});
  for (size_t i = 0; i < 4; ++i)
    CHECK(std::abs(tensor.param.at(i) - static_cast<double>(before[i])) == doctest::Approx(0.001).epsilon(1e-3));
}

TEST_CASE("adam: with beta1 = 0 the average is the gradient, exactly") {
  Tensor tensor(33), other(1);
  for (int t = 0; t < 3; ++t) stepBoth(tensor, other, std::array{0.01, 0.0, 0.999, 1e-8, 0.0}, {});
  for (size_t i = 0; i < 33; ++i) CHECK(tensor.expAvg[i] == tensor.grad[i]);
}

TEST_CASE("adam: NaN in one gradient stays with its own element, also under amsgrad") {
  Tensor tensor(20), other(1);
  tensor.grad.span()[7] = kNan;
  for (int t = 0; t < 2; ++t) stepBoth(tensor, other, std::array{0.01, 0.9, 0.999, 1e-8, 0.0}, {.amsgrad = true});
  for (size_t i = 0; i < 20; ++i) {
    CHECK(std::isnan(tensor.param[i]) == (i == 7));
    CHECK(std::isnan(tensor.maxExpAvgSq[i]) == (i == 7));
  }
}

TEST_CASE("adam: without tensors there is nothing to do") {
  CHECK_NOTHROW(adam({}, {}, {}, {}, {}, {}, std::array{0.01, 0.9, 0.999, 1e-8, 0.0}, true, false, false));
}

TEST_CASE("adam: rejects lists and arrays of other lengths, and writes nothing") {
  Array two(2), three(3), one(1), none(0);
  struct Arguments {
    std::vector<InOut> params;
    std::vector<In> grads;
    std::vector<InOut> expAvgs, expAvgSqs, maxima, steps;
    std::vector<double> hyper = std::vector<double>(5);
    bool amsgrad = true;
  };
  const auto run = [&](const std::function<void(Arguments&)>& change) {
    Arguments a{{two, three}, {two, three}, {two, three}, {two, three}, {two, three}, {one, one}};
    change(a);
    adam(a.params, a.grads, a.expAvgs, a.expAvgSqs, a.maxima, a.steps, a.hyper, a.amsgrad, false, false);
  };
  CHECK_REJECTS(run([](auto& a) { a.grads.pop_back(); }), "adam: grads has 1 elements, expected params.length = 2");
  CHECK_REJECTS(run([](auto& a) { a.expAvgs.clear(); }), "adam: expAvgs has 0 elements, expected params.length = 2");
  CHECK_REJECTS(run([](auto& a) { a.expAvgSqs.pop_back(); }),
                "adam: expAvgSqs has 1 elements, expected params.length = 2");
  CHECK_REJECTS(run([](auto& a) { a.maxima.clear(); }),
                "adam: maxExpAvgSqs has 0 elements, expected params.length = 2");
  CHECK_REJECTS(run([](auto& a) { a.amsgrad = false; }), "adam: maxExpAvgSqs has 2 elements, expected 0");
  CHECK_REJECTS(run([](auto& a) { a.steps.pop_back(); }), "adam: steps has 1 elements, expected params.length = 2");
  CHECK_REJECTS(run([](auto& a) { a.params.pop_back(); }), "adam: grads has 2 elements, expected params.length = 1");
  CHECK_REJECTS(run([&](auto& a) { a.grads[1] = two; }),
                "adam: grads[1] has 2 elements, expected params[1].length = 3");
  CHECK_REJECTS(run([&](auto& a) { a.expAvgs[0] = three; }),
                "adam: expAvgs[0] has 3 elements, expected params[0].length = 2");
  CHECK_REJECTS(run([&](auto& a) { a.expAvgSqs[0] = none; }),
                "adam: expAvgSqs[0] has 0 elements, expected params[0].length = 2");
  CHECK_REJECTS(run([&](auto& a) { a.maxima[1] = two; }),
                "adam: maxExpAvgSqs[1] has 2 elements, expected params[1].length = 3");
  CHECK_REJECTS(run([&](auto& a) { a.steps[1] = two; }), "adam: steps[1] has 2 elements, expected 1");
  CHECK_REJECTS(run([&](auto& a) { a.steps[0] = none; }), "adam: steps[0] has 0 elements, expected 1");
  CHECK_REJECTS(run([](auto& a) { a.hyper.pop_back(); }), "adam: hyper has 4 elements, expected 5");
  CHECK(two.untouched());
  CHECK(three.untouched());
  CHECK(one.untouched());
}

}  // namespace evenkeel::test
