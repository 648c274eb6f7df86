#include "binding/program.h"

#include <string>
#include <vector>

#include "kernels/parallel.h"

namespace evenkeel {
namespace {

// Tells programs from the wrapped objects of other addons.
constexpr napi_type_tag kProgramTag{0x6576656e6b65656c, 0x70726f6772616d00};

// The arguments of a run, and what keeps their memory from being freed until it has ended.
struct Run {
  const Program* program = nullptr;
  size_t steps = 0;
  std::vector<Feed> inputs;
  std::vector<Feed> outputs;
};

std::span<std::byte> bytesOf(const Argument& argument, size_t element) {
  napi_env env = argument.caller.env;
  napi_typedarray_type type = napi_int8_array;
  size_t length = 0;
  void* data = nullptr;
  if (napi_get_typedarray_info(env, argument.value, &type, &length, &data, nullptr, nullptr) != napi_ok) {
    failType(argument, "a typed array", element);
  }
  switch (type) {
    case napi_float32_array:
    case napi_int32_array:
      return {static_cast<std::byte*>(data), length * 4};
    case napi_float64_array:
      return {static_cast<std::byte*>(data), length * 8};
    case napi_uint8_array:
      return {static_cast<std::byte*>(data), length};
    default:
      failType(argument, "a Float32Array, Float64Array, Int32Array or Uint8Array", element);
  }
}

std::vector<Feed> feeds(const Argument& argument, const std::vector<napi_value>& arrays) {
  if (arrays.size() % 2 != 0) failType(argument, "an array of pairs");
  std::vector<Feed> result;
  for (size_t i = 0; i < arrays.size(); i += 2) {
    result.push_back({bytesOf({argument.caller, argument.index, arrays[i]}, i),
                      bytesOf({argument.caller, argument.index, arrays[i + 1]}, i + 1)});
  }
  return result;
}

// In two steps, as in Bound: both lists are read before the first pointer is taken.
Run runOf(const Caller& caller, const napi_value* given) {
  const Argument inputs{caller, 2, given[2]};
  const Argument outputs{caller, 3, given[3]};
  const std::vector<napi_value> inputArrays = arrayElements(inputs);
  const std::vector<napi_value> outputArrays = arrayElements(outputs);
  return {
      .program = &programOf(caller.env, given[0]),
      .steps = size({caller, 1, given[1]}),
      .inputs = feeds(inputs, inputArrays),
      .outputs = feeds(outputs, outputArrays),
  };
}

// A run on another thread.
struct Job {
  Run run;
  napi_async_work work = nullptr;
  napi_deferred deferred = nullptr;
  // An array of the arguments.
  napi_ref arguments = nullptr;
  std::string error;
  bool isRangeError = false;
};

void execute(napi_env /*env*/, void* data) {
  Job& job = *static_cast<Job*>(data);
  const InBackground inBackground;
  try {
    job.run.program->run(job.run.steps, job.run.inputs, job.run.outputs);
  } catch (const std::invalid_argument& error) {
    job.error = error.what();
    job.isRangeError = true;
  } catch (const std::exception& error) {
    job.error = error.what();
  }
}

// An environment that goes down lets no JavaScript run any more: then nobody waits for the promise either.
void complete(napi_env env, napi_status /*status*/, void* data) {
  const std::unique_ptr<Job> job(static_cast<Job*>(data));
  napi_value value = nullptr;
  napi_value message = nullptr;
  if (job->error.empty()) {
    if (napi_get_undefined(env, &value) == napi_ok) napi_resolve_deferred(env, job->deferred, value);
  } else if (napi_create_string_utf8(env, job->error.data(), job->error.size(), &message) == napi_ok) {
    const auto create = job->isRangeError ? napi_create_range_error : napi_create_error;
    if (create(env, nullptr, message, &value) == napi_ok) napi_reject_deferred(env, job->deferred, value);
  }
  napi_delete_reference(env, job->arguments);
  napi_delete_async_work(env, job->work);
}

napi_value arrayOf(napi_env env, std::span<const napi_value> values) {
  napi_value array = nullptr;
  check(napi_create_array_with_length(env, values.size(), &array));
  for (std::uint32_t i = 0; i < values.size(); ++i) check(napi_set_element(env, array, i, values[i]));
  return array;
}

void deleteProgram(napi_env /*env*/, void* data, void* /*hint*/) { delete static_cast<Program*>(data); }

}  // namespace

Program& programOf(napi_env env, napi_value value) {
  bool isProgram = false;
  void* program = nullptr;
  if (napi_check_object_type_tag(env, value, &kProgramTag, &isProgram) != napi_ok || !isProgram) {
    throw WrongType("expected a program of createProgram()");
  }
  check(napi_unwrap(env, value, &program));
  return *static_cast<Program*>(program);
}

napi_value createProgram(napi_env env, napi_callback_info /*call*/) {
  return guarded(env, [&] {
    napi_value object = nullptr;
    check(napi_create_object(env, &object));
    auto program = std::make_unique<Program>();
    check(napi_wrap(env, object, program.get(), deleteProgram, nullptr, nullptr));
    static_cast<void>(program.release());
    check(napi_type_tag_object(env, object, &kProgramTag));
    return object;
  });
}

napi_value runProgram(napi_env env, napi_callback_info call) {
  return guarded(env, [&]() -> napi_value {
    napi_value given[4];
    const Run run = runOf(takeArguments(env, call, given), given);
    run.program->run(run.steps, run.inputs, run.outputs);
    return nullptr;
  });
}

napi_value runProgramAsync(napi_env env, napi_callback_info call) {
  return guarded(env, [&] {
    napi_value given[4];
    napi_value promise = nullptr;
    napi_value name = nullptr;
    auto job = std::make_unique<Job>();
    job->run = runOf(takeArguments(env, call, given), given);
    check(napi_create_string_utf8(env, "evenkeel", NAPI_AUTO_LENGTH, &name));
    check(napi_create_reference(env, arrayOf(env, given), 1, &job->arguments));
    check(napi_create_async_work(env, nullptr, name, execute, complete, job.get(), &job->work));
    check(napi_create_promise(env, &job->deferred, &promise));
    check(napi_queue_async_work(env, job->work));
    static_cast<void>(job.release());
    return promise;
  });
}

}  // namespace evenkeel
