#pragma once

#include "net/client/connection.h"
#include "net/client/http_client.h"

namespace dth::net {

// One request and the head of its answer, on one connection. The answer's head is in
// Connection::parser afterwards, and what followed it in Connection::buffer. What it refers to must
// outlive it.
class Exchange {
 public:
  // `head` is what write_request_head() made of `request`.
  Exchange(Connection& connection, const HttpOrigin& origin, const HttpRequest& request, Bytes head,
           Body* body, const HttpClientOptions& options, Clock& clock)
      : connection_(connection),
        origin_(origin),
        request_(request),
        body_(body),
        options_(options),
        clock_(clock),
        head_left_(head) {}

  // Errors are worded for people and name the origin, but for those of the body, which come through
  // as they are.
  Async<Result<void>> run();

  // Was next() asked of the body? Else it need not be rewound to be sent again.
  bool body_begun() const { return body_begun_; }

  // Did the final answer come before the whole request was sent?
  bool answered_early() const { return answered_; }

 private:
  // Has all gone out, must we wait, or is there an answer already?
  Io push();
  Async<Result<void>> send_body();
  Async<Result<void>> await_continue();
  Async<Result<void>> unblock(Io io);
  Async<Result<void>> read_head(MonotonicTime deadline, bool expect_data);
  Result<bool> parse_buffered();
  Error closed_early(std::string_view when);
  Error failed(ErrorCode code, std::string what) const;
  Error waited_out(WaitEnd end, std::string what) const;

  Connection& connection_;
  const HttpOrigin& origin_;
  const HttpRequest& request_;
  Body* body_;
  const HttpClientOptions& options_;
  Clock& clock_;
  Bytes head_left_;
  Bytes piece_left_;
  bool body_begun_ = false;
  bool answered_ = false;  // the final head is there
  bool continue_seen_ = false;
  int informational_count_ = 0;
};

}  // namespace dth::net
