#include "objects/s3/tls_contexts.h"

#include <sys/stat.h>

namespace dth::objects::s3 {
namespace {

// Of the file as it is now.
std::string revision_of(const std::string& path) {
  struct stat file {};
  if (path.empty() || ::stat(path.c_str(), &file) != 0) return "";
  return std::to_string(file.st_ino) + " " + std::to_string(file.st_size) + " " +
         std::to_string(file.st_mtim.tv_sec) + " " + std::to_string(file.st_mtim.tv_nsec);
}

}  // namespace

Result<std::shared_ptr<net::TlsContext>> TlsContexts::find(const std::string& bundle,
                                                           const std::string& from) {
  const std::string revision = revision_of(bundle);
  std::lock_guard lock(mutex_);
  const auto found = contexts_.find(bundle);
  if (found != contexts_.end() && found->second.revision == revision) return found->second.context;
  auto made = net::make_tls_client_context({bundle});
  if (made.has_error()) {
    return std::move(made.error())
        .with_context(from.empty() ? "the system's certificate authorities" : from);
  }
  contexts_[bundle] = {revision, *made};
  return *made;
}

}  // namespace dth::objects::s3
