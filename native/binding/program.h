#pragma once
#include <node_api.h>

#include <memory>
#include <utility>

#include "binding/bind.h"
#include "replay/program.h"

// Programs as JavaScript sees them: an opaque value, functions that add calls of kernels to it, and two ways to run it.
namespace evenkeel {

// The program that a value stands for. Throws WrongType for any other value.
Program& programOf(napi_env env, napi_value value);

// createProgram(): a program without steps.
napi_value createProgram(napi_env env, napi_callback_info call);

// runProgram(program, steps, inputs, outputs), on the calling thread.
napi_value runProgram(napi_env env, napi_callback_info call);

// The same on a thread of Node's pool, as a promise. The environment waits for the run before it goes down.
napi_value runProgramAsync(napi_env env, napi_callback_info call);

template <auto kernel>
struct Recorder;

// (program, ...arguments): adds a call of the kernel.
template <typename... Parameters, void (*kernel)(Parameters...)>
struct Recorder<kernel> {
  static napi_value call(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
      constexpr size_t kCount = sizeof...(Parameters) + 1;
      napi_value given[kCount];
      const Caller caller = takeArguments(env, info, given);
      Program& program = programOf(env, given[0]);
      add(program, caller, given + 1, std::index_sequence_for<Parameters...>());
      return nullptr;
    });
  }

 private:
  template <size_t... i>
  static void add(Program& program, const Caller& caller, const napi_value* given, std::index_sequence<i...>) {
    std::tuple<FromJs<Parameters>...> arguments{FromJs<Parameters>(Argument{caller, i, given[i]})...};
    program.add(std::make_unique<KernelStep<kernel>>(std::get<i>(arguments).take()...));
  }
};

}  // namespace evenkeel
