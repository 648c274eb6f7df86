#pragma once
#include <node_api.h>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/buffer.h"

// Arguments of kernels from their JavaScript values: FromJs<T>(argument).take() is a T.
//
// The constructor may run JavaScript, take() does not: nothing can happen between the first take() and the kernel that
// it is an argument of, so no view outlives its memory.
namespace evenkeel {

// A value of the wrong type, or not as many as there should be: a TypeError.
class WrongType : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// JavaScript threw while it was called from here.
class PendingJsError {};

// Throws if a call of Node-API failed.
void check(napi_status status);

struct Caller {
  napi_env env;
  const char* kernel;
};

struct Argument {
  const Caller& caller;
  size_t index;
  napi_value value;
};

// The parts that do not depend on the kernel's types. `element` is the position in a list, or kNoElement.
constexpr size_t kNoElement = static_cast<size_t>(-1);
[[noreturn]] void failType(const Argument& argument, const char* expected, size_t element = kNoElement);
bool isAbsent(const Argument& argument);
// Whether it is a typed array of this type.
bool isTypedArray(const Argument& argument, napi_typedarray_type type);
// The bytes of a typed array of this type, whose elements are of this size.
std::span<std::byte> typedArray(const Argument& argument, napi_typedarray_type type, size_t elementSize,
                                const char* name, size_t element = kNoElement);
std::vector<napi_value> arrayElements(const Argument& argument);
double number(const Argument& argument);
size_t size(const Argument& argument);
std::int64_t integer(const Argument& argument);
bool boolean(const Argument& argument);

// The kind of typed array that holds a T.
template <typename T>
struct TypedArray;

template <>
struct TypedArray<float> {
  static constexpr napi_typedarray_type kType = napi_float32_array;
  static constexpr const char* kName = "Float32Array";
};

template <>
struct TypedArray<double> {
  static constexpr napi_typedarray_type kType = napi_float64_array;
  static constexpr const char* kName = "Float64Array";
};

template <>
struct TypedArray<std::uint8_t> {
  static constexpr napi_typedarray_type kType = napi_uint8_array;
  static constexpr const char* kName = "Uint8Array";
};

template <>
struct TypedArray<std::int32_t> {
  static constexpr napi_typedarray_type kType = napi_int32_array;
  static constexpr const char* kName = "Int32Array";
};

template <typename T>
std::span<T> view(const Argument& argument, size_t element = kNoElement) {
  using Kind = TypedArray<std::remove_const_t<T>>;
  const std::span<std::byte> bytes = typedArray(argument, Kind::kType, sizeof(T), Kind::kName, element);
  return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
}

template <typename T>
class FromJs;

template <typename T>
class FromJs<std::span<T>> {
 public:
  explicit FromJs(const Argument& argument) : argument_(argument) {}
  std::span<T> take() const { return view<T>(argument_); }

 private:
  Argument argument_;
};

template <typename T>
class FromJs<std::optional<std::span<T>>> {
 public:
  explicit FromJs(const Argument& argument) : argument_(argument) {}
  std::optional<std::span<T>> take() const {
    if (isAbsent(argument_)) return std::nullopt;
    return view<T>(argument_);
  }

 private:
  Argument argument_;
};

// A typed array of one of several types.
template <typename... T>
class FromJs<std::variant<std::span<T>...>> {
 public:
  explicit FromJs(const Argument& argument) : argument_(argument) {}

  std::variant<std::span<T>...> take() const {
    std::optional<std::variant<std::span<T>...>> taken;
    (tryAs<T>(taken), ...);
    if (!taken) failType(argument_, names().c_str());
    return *taken;
  }

 private:
  template <typename U>
  void tryAs(std::optional<std::variant<std::span<T>...>>& taken) const {
    if (isTypedArray(argument_, TypedArray<std::remove_const_t<U>>::kType)) taken = view<U>(argument_);
  }

  static std::string names() {
    std::string all;
    ((all += std::string(all.empty() ? "a " : " or a ") + TypedArray<std::remove_const_t<T>>::kName), ...);
    return all;
  }

  Argument argument_;
};

// An array of typed arrays.
template <typename T>
class FromJs<std::span<const std::span<T>>> {
 public:
  explicit FromJs(const Argument& argument) : argument_(argument), elements_(arrayElements(argument)) {}

  std::span<const std::span<T>> take() {
    views_.reserve(elements_.size());
    for (size_t i = 0; i < elements_.size(); ++i) {
      views_.push_back(view<T>({argument_.caller, argument_.index, elements_[i]}, i));
    }
    return views_;
  }

 private:
  Argument argument_;
  std::vector<napi_value> elements_;
  std::vector<std::span<T>> views_;
};

// The other types are converted at once.
template <typename T, T (*convert)(const Argument&)>
class FromJsValue {
 public:
  explicit FromJsValue(const Argument& argument) : value_(convert(argument)) {}
  T take() const { return value_; }

 private:
  T value_;
};

inline float single(const Argument& argument) { return static_cast<float>(number(argument)); }

template <>
class FromJs<float> : public FromJsValue<float, single> {
  using FromJsValue::FromJsValue;
};

template <>
class FromJs<double> : public FromJsValue<double, number> {
  using FromJsValue::FromJsValue;
};

template <>
class FromJs<size_t> : public FromJsValue<size_t, size> {
  using FromJsValue::FromJsValue;
};

template <>
class FromJs<std::int64_t> : public FromJsValue<std::int64_t, integer> {
  using FromJsValue::FromJsValue;
};

template <>
class FromJs<bool> : public FromJsValue<bool, boolean> {
  using FromJsValue::FromJsValue;
};

}  // namespace evenkeel
