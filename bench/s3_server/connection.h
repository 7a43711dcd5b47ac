#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service.h"
#include "socket.h"

namespace dth::bench {

// One client's HTTP/1.1 connection: heads, bodies and answers one after the other, kept alive.
// Driven by one thread.
class Connection {
 public:
  // `scratch` is the thread's buffer for bodies that are not kept.
  Connection(int descriptor, ssl_ctx_st* tls, Service& service, std::vector<char>& scratch);

  // How it goes on: wait for the socket; come back at once, after others had their turn; come back
  // at wake_time(); close it.
  enum class Next { wait, again, sleep, close };
  Next run();
  std::chrono::steady_clock::time_point wake_time() const { return wake_time_; }
  int descriptor() const { return socket_.descriptor(); }

 private:
  static constexpr std::size_t head_bytes_max = 64 * 1024;
  static constexpr std::size_t turn_bytes_max = 8 << 20;
  enum class State { head, body, delay, answer };
  Next read_head();
  bool begin(std::string_view head);
  Next read_body();
  void body_done();
  void answer(Response response);
  Next write_answer();
  bool own_resource(const Request& request);

  Service& service_;
  std::vector<char>& scratch_;
  Socket socket_;
  State state_ = State::head;
  std::string in_;        // received and not yet used
  std::size_t used_ = 0;  // of in_
  Request request_;
  Service::Admission admission_;
  std::optional<Payload> payload_;
  Response response_;
  std::string out_;  // the answer's head and text, or "100 Continue"
  std::size_t sent_ = 0;
  std::uint64_t content_sent_ = 0;
  std::size_t turn_bytes_ = 0;
  bool close_after_ = false;
  bool asleep_ = false;  // Next::sleep was told already
  std::chrono::steady_clock::time_point wake_time_;
};

}  // namespace dth::bench
