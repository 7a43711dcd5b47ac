#pragma once

#include "net/client/proxy.h"
#include "net/header_text.h"

namespace dth::net {

// Writes the request line and header lines into `*text`, whose memory is reused (RFC 9112, 2 and
// 3). `body_size` is left out where there is none and the method has no use for a length.
// invalid_argument where a part of the request would change the meaning of the message: a control
// character, a space in the target, a header that is the client's. For `asked_proxy`, where there
// is one, the target is written in absolute form and its credentials are added.
Result<void> write_request_head(const HttpRequest& request, std::string_view authority,
                                std::optional<std::uint64_t> body_size, std::string* text,
                                const HttpProxy* asked_proxy = nullptr);

}  // namespace dth::net
