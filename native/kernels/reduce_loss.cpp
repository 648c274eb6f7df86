#include "kernels/reduce_loss.h"

namespace evenkeel {

void reduceLossForward(Out loss, InDoubles totals, bool mean) {
  const Checks checks("reduceLossForward");
  checks.length("loss", loss, {{nullptr, 1}});
  checks.length("totals", totals, {{nullptr, 2}});
  loss[0] = static_cast<float>(mean ? totals[0] / totals[1] : totals[0]);
}

void reduceLossBackward(OutDoubles scale, In dy, InDoubles totals, bool mean) {
  const Checks checks("reduceLossBackward");
  checks.length("scale", scale, {{"dy.length", dy.size()}});
  checks.length("totals", totals, {{nullptr, 2}});
  const double divisor = mean ? totals[1] : 1.0;
  for (size_t i = 0; i < dy.size(); ++i) scale[i] = static_cast<double>(dy[i]) / divisor;
}

}  // namespace evenkeel
