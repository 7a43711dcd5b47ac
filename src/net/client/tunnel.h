#pragma once

#include "net/client/proxy.h"
#include "net/stream.h"

namespace dth::net {

// Asks the proxy at the other end of `stream`, which is connected to it, for a way through to
// `origin` (RFC 9110, 9.3.6). After success, what is written goes there. Errors: proxy_refusal();
// data_corrupted where the answer is no HTTP, longer than 16 KiB, or goes on behind its head;
// unavailable, timeout, cancelled.
Async<Result<void>> open_tunnel(Stream& stream, const HttpOrigin& origin, const HttpProxy& proxy,
                                MonotonicTime deadline);

}  // namespace dth::net
