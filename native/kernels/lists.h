#pragma once
#include "kernels/buffer.h"

// The checks that the optimizers share: they take lists with one array a tensor.
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

}  // namespace evenkeel
