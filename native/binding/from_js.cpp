#include "binding/from_js.h"

#include <cmath>
#include <string>

namespace evenkeel {
namespace {

// 2^53: the integers below it are exact.
constexpr double kIntegerLimit = 9007199254740992.0;
constexpr std::uint32_t kListLimit = 1U << 20;

std::string nameOf(const Argument& argument, size_t element) {
  std::string name = std::string(argument.caller.kernel) + ": argument " + std::to_string(argument.index + 1);
  if (element != kNoElement) name += "[" + std::to_string(element) + "]";
  return name;
}

const char* typeOf(const Argument& argument) {
  napi_env env = argument.caller.env;
  bool isTypedArray = false;
  bool isArray = false;
  check(napi_is_typedarray(env, argument.value, &isTypedArray));
  check(napi_is_array(env, argument.value, &isArray));
  if (isArray) return "an array";
  if (isTypedArray) {
    napi_typedarray_type type = napi_int8_array;
    check(napi_get_typedarray_info(env, argument.value, &type, nullptr, nullptr, nullptr, nullptr));
    constexpr const char* kNames[] = {"an Int8Array",   "a Uint8Array",    "a Uint8ClampedArray", "an Int16Array",
                                      "a Uint16Array",  "an Int32Array",   "a Uint32Array",       "a Float32Array",
                                      "a Float64Array", "a BigInt64Array", "a BigUint64Array"};
    return static_cast<size_t>(type) < std::size(kNames) ? kNames[type] : "a typed array";
  }
  napi_valuetype type = napi_undefined;
  check(napi_typeof(env, argument.value, &type));
  constexpr const char* kNames[] = {"undefined", "null",      "a boolean",  "a number",    "a string",
                                    "a symbol",  "an object", "a function", "an external", "a bigint"};
  return static_cast<size_t>(type) < std::size(kNames) ? kNames[type] : "a value";
}

[[noreturn]] void failRange(const Argument& argument, const char* expected, double value) {
  throw std::invalid_argument(nameOf(argument, kNoElement) + " is " + std::to_string(value) + ", expected " + expected);
}

}  // namespace

void check(napi_status status) {
  if (status == napi_ok) return;
  if (status == napi_pending_exception) throw PendingJsError();
  throw std::runtime_error("a call of Node-API failed with status " + std::to_string(status));
}

void failType(const Argument& argument, const char* expected, size_t element) {
  throw WrongType(nameOf(argument, element) + " must be " + expected + ", got " + typeOf(argument));
}

bool isAbsent(const Argument& argument) {
  napi_valuetype type = napi_undefined;
  check(napi_typeof(argument.caller.env, argument.value, &type));
  return type == napi_undefined || type == napi_null;
}

bool isTypedArray(const Argument& argument, napi_typedarray_type type) {
  napi_typedarray_type given = napi_int8_array;
  const napi_status status =
      napi_get_typedarray_info(argument.caller.env, argument.value, &given, nullptr, nullptr, nullptr, nullptr);
  return status == napi_ok && given == type;
}

std::span<std::byte> typedArray(const Argument& argument, napi_typedarray_type type, size_t elementSize,
                                const char* name, size_t element) {
  napi_typedarray_type given = napi_int8_array;
  size_t length = 0;
  void* data = nullptr;
  const napi_status status =
      napi_get_typedarray_info(argument.caller.env, argument.value, &given, &length, &data, nullptr, nullptr);
  if (status != napi_ok || given != type) failType(argument, (std::string("a ") + name).c_str(), element);
  return {static_cast<std::byte*>(data), length * elementSize};
}

std::vector<napi_value> arrayElements(const Argument& argument) {
  napi_env env = argument.caller.env;
  bool isArray = false;
  check(napi_is_array(env, argument.value, &isArray));
  if (!isArray) failType(argument, "an array of Float32Arrays");
  std::uint32_t length = 0;
  check(napi_get_array_length(env, argument.value, &length));
  if (length > kListLimit) failRange(argument, "an array of at most 2^20 elements", length);
  std::vector<napi_value> elements;
  elements.reserve(length);
  for (std::uint32_t i = 0; i < length; ++i) {
    napi_value element = nullptr;
    check(napi_get_element(env, argument.value, i, &element));
    elements.push_back(element);
  }
  return elements;
}

double number(const Argument& argument) {
  double value = 0;
  if (napi_get_value_double(argument.caller.env, argument.value, &value) != napi_ok) failType(argument, "a number");
  return value;
}

size_t size(const Argument& argument) {
  const double value = number(argument);
  if (!(value >= 0 && value < kIntegerLimit && std::trunc(value) == value)) {
    failRange(argument, "an integer from 0 to 2^53 - 1", value);
  }
  return static_cast<size_t>(value);
}

std::int64_t integer(const Argument& argument) {
  const double value = number(argument);
  if (!(std::abs(value) < kIntegerLimit && std::trunc(value) == value)) {
    failRange(argument, "an integer below 2^53 in magnitude", value);
  }
  return static_cast<std::int64_t>(value);
}

bool boolean(const Argument& argument) {
  bool value = false;
  if (napi_get_value_bool(argument.caller.env, argument.value, &value) != napi_ok) failType(argument, "a boolean");
  return value;
}

}  // namespace evenkeel
