#pragma once

#include <memory>
#include <string>

#include "base/error.h"

namespace dth::net {

struct TlsClientOptions {
  // A PEM file of certificate authorities to trust instead of the system's; empty: the system's.
  std::string ca_bundle = {};
};

// A client's OpenSSL context: TLS 1.2 and up, the peer's chain and name verified always, session
// resumption on. Shared by the lanes; thread-safe.
class TlsContext;

// invalid_argument where the bundle cannot be read or holds no certificate: the message names the
// file.
Result<std::shared_ptr<TlsContext>> make_tls_client_context(const TlsClientOptions& options);

}  // namespace dth::net
