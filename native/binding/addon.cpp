#include <node_api.h>

#include <string>

#include "binding/bind.h"
#include "binding/memory.h"
#include "binding/program.h"
#include "blas/blas.h"
#include "kernels/library.h"
#include "kernels/parallel.h"
#include "kernels/table.h"

namespace evenkeel {
namespace {

napi_value object(napi_env env) {
  napi_value result = nullptr;
  check(napi_create_object(env, &result));
  return result;
}

void setProperty(napi_env env, napi_value target, const char* name, const std::string& text) {
  napi_value value = nullptr;
  check(napi_create_string_utf8(env, text.data(), text.size(), &value));
  check(napi_set_named_property(env, target, name, value));
}

napi_value info(napi_env env, napi_callback_info /*call*/) {
  return guarded(env, [&] {
    napi_value result = object(env);
    setProperty(env, result, "blas", blasName());
    setProperty(env, result, "simd", simdName());
    return result;
  });
}

napi_value numThreads(napi_env env, napi_callback_info /*call*/) {
  return guarded(env, [&] {
    napi_value result = nullptr;
    check(napi_create_double(env, static_cast<double>(getNumThreads()), &result));
    return result;
  });
}

void setFunction(napi_env env, napi_value target, const char* name, napi_callback callback) {
  check(napi_set_named_property(env, target, name, createFunction(env, name, callback)));
}

// A function that returns nothing.
template <auto procedure>
void setProcedure(napi_env env, napi_value target, const char* name) {
  check(napi_set_named_property(env, target, name, bind<procedure>(env, name)));
}

napi_value kernelsObject(napi_env env) {
  napi_value kernels = object(env);
#define EXPORT_KERNEL(name) setProcedure<name>(env, kernels, #name);
  EVENKEEL_KERNELS(EXPORT_KERNEL)
#undef EXPORT_KERNEL
  return kernels;
}

napi_value recordersObject(napi_env env) {
  napi_value recorders = object(env);
#define EXPORT_RECORDER(name) setFunction(env, recorders, #name, Recorder<name>::call);
  EVENKEEL_KERNELS(EXPORT_RECORDER)
#undef EXPORT_RECORDER
  return recorders;
}

}  // namespace
}  // namespace evenkeel

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
  return evenkeel::guarded(env, [&] {
    evenkeel::initialize();
    evenkeel::check(napi_set_named_property(env, exports, "kernels", evenkeel::kernelsObject(env)));
    evenkeel::check(napi_set_named_property(env, exports, "recorders", evenkeel::recordersObject(env)));
    evenkeel::setFunction(env, exports, "createProgram", evenkeel::createProgram);
    evenkeel::setFunction(env, exports, "runProgram", evenkeel::runProgram);
    evenkeel::setFunction(env, exports, "runProgramAsync", evenkeel::runProgramAsync);
    evenkeel::setFunction(env, exports, "info", evenkeel::info);
    evenkeel::setFunction(env, exports, "getNumThreads", evenkeel::numThreads);
    evenkeel::setProcedure<evenkeel::setNumThreads>(env, exports, "setNumThreads");
    evenkeel::setProcedure<evenkeel::keepFreedMemory>(env, exports, "keepFreedMemory");
    return exports;
  });
}
