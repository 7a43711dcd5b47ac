#include "cloud/aws/read_small_file.h"

#include <cstdio>
#include <memory>

namespace dth::aws {

Result<std::string> read_small_file(const std::string& path, std::size_t size_max) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                       &std::fclose);
  if (!file) {
    return Error{ErrorCode::invalid_argument,
                 "cannot read " + path + ": " + std::generic_category().message(errno), ""};
  }
  std::string text(size_max + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get())) {
    return Error{ErrorCode::invalid_argument,
                 "cannot read " + path + ": " + std::generic_category().message(errno), ""};
  }
  if (text.size() > size_max) {
    return Error{ErrorCode::invalid_argument,
                 path + " is larger than " + std::to_string(size_max) + " bytes", ""};
  }
  return text;
}

}  // namespace dth::aws
