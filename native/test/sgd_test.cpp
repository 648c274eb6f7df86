#include "kernels/sgd.h"

#include <array>
#include <functional>

#include "test/support.h"

namespace evenkeel::test {
namespace {

struct Flags {
  bool nesterov = false;
  bool maximize = false;
};

// The lists of the kernel for one tensor.
struct Tensor {
  Array param, grad, momentumBuffer, step;

  explicit Tensor(size_t n)
      : param(normal(n)), grad(normal(n, 0, 1, 2)), momentumBuffer(std::vector<float>(n)), step({0}) {}
};

void stepBoth(Tensor& first, Tensor& second, InDoubles hyper, const Flags& flags) {
  const std::array<InOut, 2> params{first.param, second.param};
  const std::array<InOut, 2> buffers{first.momentumBuffer, second.momentumBuffer}, steps{first.step, second.step};
  const std::array<In, 2> grads{first.grad, second.grad};
  sgd(params, grads, buffers, steps, hyper, flags.nesterov, flags.maximize);
}

// SGD as it is written down in the header, in double precision.
class Oracle {
 public:
  explicit Oracle(const Tensor& start) : buffer_(start.param.size()) {
    for (size_t i = 0; i < start.param.size(); ++i) params_.push_back(start.param.at(i));
  }

  void step(const Tensor& tensor, const std::array<double, 4>& hyper, const Flags& flags) {
    const auto [lr, momentum, dampening, weightDecay] = hyper;
    ++t_;
    for (size_t i = 0; i < params_.size(); ++i) {
      double g = (flags.maximize ? -tensor.grad.at(i) : tensor.grad.at(i)) + weightDecay * params_[i];
      if (momentum != 0) {
        buffer_[i] = t_ == 1 ? g : momentum * buffer_[i] + (1 - dampening) * g;
        g = flags.nesterov ? g + momentum * buffer_[i] : buffer_[i];
      }
      params_[i] -= lr * g;
    }
  }

  double param(size_t i) const { return params_[i]; }

 private:
  std::vector<double> params_, buffer_;
  int t_ = 0;
};

void checkClose(const Tensor& actual, const Oracle& expected) {
  // In each of ten steps the parameter is rounded once; the update itself is at most a tenth as large.
  for (size_t i = 0; i < actual.param.size(); ++i)
    CHECK(close(actual.param[i], expected.param(i), 15, 1 + std::abs(actual.param.at(i))));
}

}  // namespace

TEST_CASE("sgd: ten steps with every combination of flags and hyperparameters, at every size") {
  for (const size_t n : kSizes) {
    for (unsigned bits = 0; bits < 32; ++bits) {
      const Flags flags{(bits & 1) != 0, (bits & 2) != 0};
      const std::array<double, 4> hyper{0.02, (bits & 4) != 0 ? 0.7 : 0.0, (bits & 8) != 0 ? 0.4 : 0.0,
                                        (bits & 16) != 0 ? 0.1 : 0.0};
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
      checkClose(first, firstExpected);
      checkClose(second, secondExpected);
      const float counted = hyper[1] != 0 ? 10 : 0;
      CHECK(first.step[0] == counted);
      CHECK(second.step[0] == counted);
    }
  }
}

TEST_CASE("sgd: the first gradient becomes the buffer, exactly, whatever was in it") {
  Tensor tensor(33), other(1);
  for (float& value : tensor.momentumBuffer.span()) value = kNan;
  stepBoth(tensor, other, std::array{0.01, 0.9, 0.5, 0.0}, {});
  for (size_t i = 0; i < 33; ++i) CHECK(tensor.momentumBuffer[i] == tensor.grad[i]);
}

TEST_CASE("sgd: NaN in one gradient stays with its own element") {
  Tensor tensor(20), other(1);
  tensor.grad.span()[7] = kNan;
  for (int t = 0; t < 2; ++t) stepBoth(tensor, other, std::array{0.01, 0.9, 0.0, 0.1}, {.nesterov = true});
  for (size_t i = 0; i < 20; ++i) CHECK(std::isnan(tensor.param[i]) == (i == 7));
}

TEST_CASE("sgd: without tensors or momentum, lists may be empty") {
  CHECK_NOTHROW(sgd({}, {}, {}, {}, std::array{0.01, 0.9, 0.0, 0.0}, false, false));
  Array param({1, 2}), grad({1, -1});
  const std::array<InOut, 1> params{param};
  const std::array<In, 1> grads{grad};
  sgd(params, grads, {}, {}, std::array{0.5, 0.0, 0.9, 0.0}, true, false);
  CHECK(param[0] == 0.5f);
  CHECK(param[1] == 2.5f);
}

TEST_CASE("sgd: rejects lists and arrays of other lengths, and writes nothing") {
  Array two(2), three(3), one(1), none(0);
  struct Arguments {
    std::vector<InOut> params;
    std::vector<In> grads;
    std::vector<InOut> buffers, steps;
    std::vector<double> hyper{0.1, 0.9, 0, 0};
  };
  const auto run = [&](const std::function<void(Arguments&)>& change) {
    Arguments a{{two, three}, {two, three}, {two, three}, {one, one}};
    change(a);
    sgd(a.params, a.grads, a.buffers, a.steps, a.hyper, false, false);
  };
  CHECK_REJECTS(run([](auto& a) { a.grads.pop_back(); }), "sgd: grads has 1 elements, expected params.length = 2");
  CHECK_REJECTS(run([](auto& a) { a.buffers.clear(); }),
                "sgd: momentumBuffers has 0 elements, expected params.length = 2");
  CHECK_REJECTS(run([](auto& a) { a.steps.pop_back(); }), "sgd: steps has 1 elements, expected params.length = 2");
  CHECK_REJECTS(run([&](auto& a) { a.grads[1] = two; }), "sgd: grads[1] has 2 elements, expected params[1].length = 3");
  CHECK_REJECTS(run([&](auto& a) { a.buffers[0] = three; }),
                "sgd: momentumBuffers[0] has 3 elements, expected params[0].length = 2");
  CHECK_REJECTS(run([&](auto& a) { a.steps[1] = none; }), "sgd: steps[1] has 0 elements, expected 1");
  CHECK_REJECTS(run([&](auto& a) {
                  a.hyper[1] = 0;
                  a.buffers[1] = two;
                }),
                "sgd: momentumBuffers[1] has 2 elements, expected params[1].length = 3");
  CHECK_REJECTS(run([](auto& a) { a.hyper.pop_back(); }), "sgd: hyper has 3 elements, expected 4");
  CHECK(two.untouched());
  CHECK(three.untouched());
  CHECK(one.untouched());
}

}  // namespace evenkeel::test
