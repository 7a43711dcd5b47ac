#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/error.h"
#include "net/tls.h"

namespace dth::objects::s3 {

// Contexts by CA bundle, made once, and again when the bundle was replaced: reading the system's
// authorities takes tens of milliseconds. Thread-safe.
class TlsContexts {
 public:
  // `bundle`: a PEM file; empty: the system's authorities. Errors name what named it, `from`.
  Result<std::shared_ptr<net::TlsContext>> find(const std::string& bundle, const std::string& from);

 private:
  struct Entry {
    std::string revision;
    std::shared_ptr<net::TlsContext> context;
  };
  std::mutex mutex_;
  std::map<std::string, Entry> contexts_;
};

}  // namespace dth::objects::s3
