#pragma once

#include "net/client/connection_pool.h"

namespace dth::net {

// The body of the answer whose head was just read on `lease`'s connection. Where there is none the
// connection goes back at once, else when the last byte was read. What is referred to must outlive
// the body.
//
// `room` is a loan that was acquired for it before the request went out; it is given back at once
// where it is not needed. `pooled` is null for an answer that stays out of the pool. No body ever
// waits for memory.
std::unique_ptr<Body> make_response_body(Lease lease, Buffer room, BufferPool* pooled,
                                         const HttpClientOptions& options, Clock& clock);

// Bodies up to this size need no loan.
inline constexpr std::uint64_t own_body_size_max = 16 * 1024;

}  // namespace dth::net
