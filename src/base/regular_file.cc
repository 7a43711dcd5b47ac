#include "base/regular_file.h"

#include <sys/stat.h>

namespace dth {

bool is_regular_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace dth
