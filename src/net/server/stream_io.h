#pragma once

#include "net/head_buffer.h"
#include "net/stream.h"

namespace dth::net {

// Slower than this, over what write_timeout has not yet counted, no answer is taken.
inline constexpr std::uint64_t write_rate_min_bytes = 64 * 1024;  // a second

// Writes `first` and then `second`, whole. timeout where `timeout` passes without progress, or
// where the other side reads on average less than write_rate_min_bytes a second; unavailable where
// it is gone; cancelled. The stream is of no use after an error.
Async<Result<void>> write_all(Stream& stream, Bytes first, Bytes second,
                              std::chrono::milliseconds timeout);

// What became of a wish to read more.
enum class ReadEnd { more, timed_out, cancelled, closed };

// Reads what there is into `buffer`, waiting for it until `deadline`. While it waits, an empty
// buffer takes no memory. `size_max` bounds the buffer, which must have room.
Async<ReadEnd> read_more(Stream& stream, HeadBuffer& buffer, std::size_t size_max,
                         MonotonicTime deadline);

// After the last byte: says that no more comes, and throws away for a short while what the other
// side still sends, so that its kernel does not throw away our answer (RFC 9112, 9.6).
Async<void> linger(Stream& stream);

inline MonotonicTime monotonic_now() { return std::chrono::steady_clock::now(); }

}  // namespace dth::net
