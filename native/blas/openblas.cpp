#include <sstream>
#include <string_view>

#include "blas/blas.h"

namespace evenkeel {

void keepBlasToOneThread() { openblas_set_num_threads(1); }

std::string blasName() {
  // The configuration reads "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...".
  std::istringstream configuration(openblas_get_config());
  std::string name, version;
  configuration >> name >> version;
  return name + " " + version + " (" + openblas_get_corename() + ")";
}

bool blasHasSmallKernels() {
  static const bool result = [] {
    const std::string_view core = openblas_get_corename();
    return core == "SkylakeX" || core == "Cooperlake" || core == "SapphireRapids";
  }();
  return result;
}

}  // namespace evenkeel
