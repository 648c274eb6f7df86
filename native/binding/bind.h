#pragma once
#include <node_api.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "binding/from_js.h"

// Turns a kernel into a JavaScript function, by deduction from its parameters.
namespace evenkeel {

// Runs code that may throw, as the body of a callback: what it throws becomes a JavaScript error.
template <class Body>
napi_value guarded(napi_env env, const Body& body) {
  try {
    return body();
  } catch (const PendingJsError&) {
    // JavaScript has it already.
  } catch (const WrongType& error) {
    napi_throw_type_error(env, nullptr, error.what());
  } catch (const MixedTypes& error) {
    napi_throw_type_error(env, nullptr, error.what());
  } catch (const std::invalid_argument& error) {
    napi_throw_range_error(env, nullptr, error.what());
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

// The arguments of a call, which must be exactly as many.
template <size_t count>
Caller takeArguments(napi_env env, napi_callback_info info, napi_value (&given)[count]) {
  size_t found = count;
  void* name = nullptr;
  check(napi_get_cb_info(env, info, &found, given, nullptr, &name));
  if (found != count) {
    throw WrongType(std::string(static_cast<const char*>(name)) + ": expected " + std::to_string(count) +
                    " arguments, got " + std::to_string(found));
  }
  return {env, static_cast<const char*>(name)};
}

template <auto kernel>
struct Bound;

template <typename... Parameters, void (*kernel)(Parameters...)>
struct Bound<kernel> {
  static constexpr size_t kCount = sizeof...(Parameters);

  static napi_value call(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
      napi_value given[kCount];
      const Caller caller = takeArguments(env, info, given);
      run(caller, given, std::index_sequence_for<Parameters...>());
      return nullptr;
    });
  }

 private:
  // In two steps. The elements of JavaScript arrays are read first, which may run code of the user, such as a getter;
  // only then are pointers taken, which that code could have invalidated.
  template <size_t... i>
  static void run(const Caller& caller, const napi_value* given, std::index_sequence<i...>) {
    std::tuple<FromJs<Parameters>...> arguments{FromJs<Parameters>(Argument{caller, i, given[i]})...};
    std::apply(kernel, std::tuple<Parameters...>{std::get<i>(arguments).take()...});
  }
};

// `name` must outlive the function, which finds it for its messages.
inline napi_value createFunction(napi_env env, const char* name, napi_callback callback) {
  napi_value function = nullptr;
  check(napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, const_cast<char*>(name), &function));
  return function;
}

template <auto kernel>
napi_value bind(napi_env env, const char* name) {
  return createFunction(env, name, Bound<kernel>::call);
}

}  // namespace evenkeel
