#pragma once

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "net/client/http_client.h"
#include "net/client/testing/scripted_server.h"

namespace dth::net::testing {

// Runs `work` to its end on `context`, whatever else may be pending there.
template <class T>
T await(boost::asio::io_context& context, Async<T> work) {
  std::optional<T> value;
  boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr failure, T result) {
    if (failure) std::rethrow_exception(failure);
    value = std::move(result);
    context.stop();
  });
  context.restart();
  context.run();
  return std::move(*value);
}

// A response with its body read to the end.
struct Answer {
  int status = 0;
  HttpHeaders headers;
  std::string body;
  std::vector<std::size_t> spans;  // the lengths in which the body came
  bool sent_twice = false;
  bool told_its_end = false;  // with the last of these, or before any
};

// A client with short timeouts, and the ways to use it from a test that is no coroutine.
class ClientTest : public ::testing::Test {
 protected:
  ClientTest() {
    options.connect_timeout = std::chrono::seconds(20);
    options.first_byte_timeout = std::chrono::seconds(20);
    options.stall_timeout = std::chrono::seconds(20);
  }

  HttpClient& client() {
    if (!client_)
      client_ = std::make_unique<HttpClient>(context.get_executor(), clock, buffers, options);
    return *client_;
  }

  static HttpOrigin plain(std::uint16_t port) { return HttpOrigin{"127.0.0.1", port, false}; }

  static Async<Result<Answer>> fetch(HttpClient& client, HttpOrigin origin, HttpRequest request,
                                     Body* body) {
    auto response = co_await client.send(std::move(origin), std::move(request), body);
    if (response.has_error()) co_return response.error();
    Answer answer{response->status, response->headers, {}, {}, response->sent_twice, false};
    for (;;) {
      const bool is_at_end = response->body->is_at_end();
      auto piece = co_await response->body->next();
      EXPECT_TRUE(!is_at_end || (piece.has_value() && piece->empty()));
      answer.told_its_end = is_at_end;
      if (piece.has_error()) co_return piece.error();
      if (piece->empty()) co_return answer;
      answer.body.append(reinterpret_cast<const char*>(piece->data()), piece->size());
      answer.spans.push_back(piece->size());
    }
  }

  // Through the pool, as an object is.
  Result<Answer> fetch(HttpOrigin origin, HttpRequest request = {}, Body* body = nullptr) {
    if (request.pooled_size == 0) request.pooled_size = Body::size_unknown;
    return await(context, fetch(client(), std::move(origin), std::move(request), body));
  }

  Result<Answer> put(std::uint16_t port, Body& body, bool expect_continue = false) {
    HttpRequest request;
    request.method = "PUT";
    request.target = "/object";
    request.expect_continue = expect_continue;
    return fetch(plain(port), std::move(request), &body);
  }

  boost::asio::io_context context{1};
  SystemClock clock;
  BufferPool buffers{context.get_executor(), 8 << 20};
  HttpClientOptions options;

 private:
  std::unique_ptr<HttpClient> client_;
};

// The pieces it is given, whatever size it claims; can be rewound where `rewindable`.
class PiecesBody final : public Body {
 public:
  PiecesBody(std::uint64_t size, std::vector<std::string> pieces, bool rewindable = false)
      : size_(size), pieces_(std::move(pieces)), rewindable_(rewindable) {}
  std::uint64_t size() const override { return size_; }
  Async<Result<Bytes>> next() override {
    if (position_ == pieces_.size()) {
      if (failure) co_return *failure;
      co_return Bytes();
    }
    co_return as_bytes(pieces_[position_++]);
  }
  bool rewind() override {
    if (rewindable_) position_ = 0;
    return rewindable_;
  }
  std::optional<Error> failure;  // what comes after the pieces

 private:
  std::uint64_t size_;
  std::vector<std::string> pieces_;
  bool rewindable_;
  std::size_t position_ = 0;
};

inline std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace dth::net::testing
