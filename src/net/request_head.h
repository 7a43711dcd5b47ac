#pragma once

#include "net/http_client.h"

namespace dth::net {

// Writes the request line and header lines into `*text`, whose memory is reused (RFC 9112, 2 and 3). `body_size` is
// left out where there is none and the method has no use for a length. invalid_argument where a part of the request
// would change the meaning of the message: a control character, a space in the target, a header that is the client's.
Result<void> write_request_head(const HttpRequest& request, std::string_view authority,
                                std::optional<std::uint64_t> body_size, std::string* text);

// Header names compare so.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace dth::net
