// First: it brings a cblas.h of its own.
#include <blis.h>

#include "blas/blas.h"

namespace evenkeel {

void keepBlasToOneThread() { bli_thread_set_num_threads(1); }

std::string blasName() {
  return std::string("BLIS ") + bli_info_get_version_str() + " (" + bli_arch_string(bli_arch_query_id()) + ")";
}

bool blasHasSmallKernels() { return false; }

}  // namespace evenkeel
