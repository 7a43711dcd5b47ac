#pragma once

#include "net/connection_pool.h"

namespace dth::net {

// The body of the answer whose head was just read on `lease`'s connection. Where there is none the connection goes
// back at once, else when the last byte was read. What is referred to must outlive the body.
std::unique_ptr<Body> make_response_body(Lease lease, BufferPool& buffers, const HttpClientOptions& options,
                                         Clock& clock);

}  // namespace dth::net
