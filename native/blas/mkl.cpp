#include <mkl_service.h>

#include "blas/blas.h"

namespace evenkeel {

void keepBlasToOneThread() { mkl_set_num_threads(1); }

std::string blasName() {
  MKLVersion version;
  mkl_get_version(&version);
  return "MKL " + std::to_string(version.MajorVersion) + "." + std::to_string(version.UpdateVersion) + " (" +
         version.Processor + ")";
}

bool blasHasSmallKernels() { return false; }

}  // namespace evenkeel
