#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "net/server/http_server.h"

namespace dth::net {

// "Not Found"; "Unknown" for a status that has no name here.
std::string_view status_text(unsigned status);

struct AnswerFraming {
  std::optional<std::uint64_t> length = {};  // no Content-Length where there is none
  bool chunked = false;
  bool close = false;
  bool keep_alive_1_0 = false;  // HTTP/1.0 wants to be told
  bool upgrade = false;         // 101 to websocket
};

// Writes the heads of answers: the status line, what the handler stated, and what the server adds
// to each.
class AnswerHeads {
 public:
  AnswerHeads(std::string content_security_policy, bool secure);

  // Writes the whole head into `*text`, replacing what is there. An error names the header that
  // cannot be written as it is: a name that is no token, a value with CR, LF, NUL, or a header that
  // is the server's own. Nothing is to be sent then.
  Result<void> write(unsigned status, const HttpHeaders& headers, const AnswerFraming& framing,
                     std::string_view id, TimePoint now, std::string* text);

 private:
  std::string_view date(TimePoint now);

  std::string all_defaults_;  // every default header, where an answer states none of its own
  std::string content_security_policy_;
  bool secure_;
  std::string date_;
  std::chrono::sys_seconds date_time_{};
};

}  // namespace dth::net
