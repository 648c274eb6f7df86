#pragma once
#include "kernels/buffer.h"
#include "kernels/parallel.h"
#include "kernels/scratch.h"

// What the optimizers share: they take lists with one array a tensor.
namespace evenkeel {

// Every array of a list must be as long as the parameter beside it.
template <class List>
void checkList(const Checks& checks, const char* name, const List& list, InOutList params) {
  checks.length(name, list.size(), {{"params.length", params.size()}});
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].size() == params[i].size()) continue;
    checks.fail("%s[%zu] has %zu elements, expected params[%zu].length = %zu", name, i, list[i].size(), i,
                params[i].size());
  }
}

// Every tensor must have a count of its own.
inline void checkSteps(const Checks& checks, InOutList steps, InOutList params) {
  checks.length("steps", steps.size(), {{"params.length", params.size()}});
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].size() != 1) checks.fail("steps[%zu] has %zu elements, expected 1", i, steps[i].size());
  }
}

// Calls update(i, begin, end) for parts of the parameters: elements `begin` to `end` of number i.
template <class Update>
void eachPart(InOutList params, const Update& update) {
  size_t total = 0;
  for (const InOut& param : params) total += param.size();
  if (total < kElementsWorthSharing) {
    for (size_t i = 0; i < params.size(); ++i) update(i, size_t{0}, params[i].size());
    return;
  }
  struct Part {
    size_t param, begin, end;
  };
  Scratch<Part> parts(params.size() + total / kElementsAtOnce);
  size_t count = 0;
  for (size_t i = 0; i < params.size(); ++i) {
    const size_t size = params[i].size();
    for (size_t begin = 0; begin < size; begin += kElementsAtOnce) {
      parts[count++] = {i, begin, std::min(size, begin + kElementsAtOnce)};
    }
  }
  parallelFor(count, 1, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) update(parts[i].param, parts[i].begin, parts[i].end);
  });
}

}  // namespace evenkeel
