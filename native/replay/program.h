#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "kernels/buffer.h"

// A sequence of calls of kernels that can be made again and again. The memory of their arguments belongs to somebody
// else, who keeps it where it is for as long as the program may run.
namespace evenkeel {

// One call.
class Step {
 public:
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;

  // Throws std::invalid_argument if the kernel does.
  virtual void run() const = 0;
};

// What a step keeps of an argument: the argument itself, but for lists, whose views are copied.
template <typename T>
class Kept {
 public:
  explicit Kept(T value) : value_(value) {}
  T get() const { return value_; }

 private:
  T value_;
};

template <typename T>
class Kept<std::span<const std::span<T>>> {
 public:
  explicit Kept(std::span<const std::span<T>> list) : list_(list.begin(), list.end()) {}
  std::span<const std::span<T>> get() const { return list_; }

 private:
  std::vector<std::span<T>> list_;
};

template <auto kernel>
class KernelStep;

template <typename... Parameters, void (*kernel)(Parameters...)>
class KernelStep<kernel> : public Step {
 public:
  explicit KernelStep(Parameters... arguments) : arguments_(Kept<Parameters>(arguments)...) {}

  void run() const override {
    std::apply([](const Kept<Parameters>&... arguments) { kernel(arguments.get()...); }, arguments_);
  }

 private:
  std::tuple<Kept<Parameters>...> arguments_;
};

// What is copied before or after each step: as many bytes of `all` at a time as `slot` has.
struct Feed {
  std::span<std::byte> slot;
  std::span<std::byte> all;
};

class Program {
 public:
  void add(std::unique_ptr<Step> step) { steps_.push_back(std::move(step)); }

  // Runs all steps `times` times. Each slot must have a multiple of its size in `all`: throws std::invalid_argument
  // otherwise, before the first step, and what a kernel throws, after the steps before it.
  void run(size_t times, std::span<const Feed> inputs, std::span<const Feed> outputs) const;

 private:
  std::vector<std::unique_ptr<Step>> steps_;
};

}  // namespace evenkeel
