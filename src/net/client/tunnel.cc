#include "net/client/tunnel.h"

#include "net/client/response_parser.h"

namespace dth::net {
namespace {

constexpr std::size_t answer_size_max = 16 * 1024;
constexpr int tunnel_informational_max = 16;

// "host:port", the port always (RFC 9112, 3.2.3).
std::string authority_form(const HttpOrigin& origin) {
  const std::string host =
      origin.host.find(':') == std::string::npos ? origin.host : "[" + origin.host + "]";
  return host + ":" + std::to_string(origin.port);
}

Error failed(ErrorCode code, const HttpOrigin& origin, const HttpProxy& proxy,
             std::string_view what) {
  return Error{code,
               "cannot get through the proxy " + proxy.origin.url() + " to " + origin.url() + ": " +
                   std::string(what) + "; check that it is an HTTP proxy and allows CONNECT",
               ""};
}

// Waits until what ended with `io` may be tried again.
Async<Result<void>> wait_for(Stream& stream, Io io, const HttpOrigin& origin,
                             const HttpProxy& proxy, MonotonicTime deadline) {
  if (io.status == Io::Status::closed) {
    co_return failed(ErrorCode::unavailable, origin, proxy,
                     "it closed the connection (" + stream.failure() + ")");
  }
  if (io.status == Io::Status::failed) {
    co_return failed(ErrorCode::unavailable, origin, proxy,
                     "the connection failed: " + stream.failure());
  }
  const WaitEnd waited = co_await stream.wait(io.status, deadline);
  if (waited == WaitEnd::cancelled) co_return cancelled_error();
  if (waited == WaitEnd::timed_out)
    co_return failed(ErrorCode::timeout, origin, proxy, "it did not answer in time");
  co_return Result<void>();
}

}  // namespace

Async<Result<void>> open_tunnel(Stream& stream, const HttpOrigin& origin, const HttpProxy& proxy,
                                MonotonicTime deadline) {
  const std::string target = authority_form(origin);
  std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!proxy.authorization.empty())
    request += "Proxy-Authorization: " + proxy.authorization + "\r\n";
  request += "\r\n";
  for (Bytes left = as_bytes(request); !left.empty();) {
    const Io io = stream.try_write(left, {});
    if (io.status == Io::Status::done) {
      left = left.subspan(io.size);
      continue;
    }
    auto waited = co_await wait_for(stream, io, origin, proxy, deadline);
    if (waited.has_error()) co_return waited.error();
  }

  ResponseParser parser;
  parser.reset(true, answer_size_max);  // whatever its head says, a tunnel's answer has no body
  std::vector<std::byte> buffer(answer_size_max);
  std::size_t filled = 0;
  for (int informational = 0;;) {
    auto taken = parser.feed_head(Bytes(buffer.data(), filled));
    if (taken.has_error())
      co_return failed(ErrorCode::data_corrupted, origin, proxy, taken.error().message);
    std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(*taken),
              buffer.begin() + static_cast<std::ptrdiff_t>(filled), buffer.begin());
    filled -= *taken;
    if (parser.head_done()) {
      const int status = parser.status();
      if (status >= 300) co_return proxy_refusal(proxy, origin, status);
      if (status >= 200) break;
      if (++informational > tunnel_informational_max) {
        co_return failed(ErrorCode::data_corrupted, origin, proxy,
                         "it sends interim answers without end");
      }
      parser.reset(true, answer_size_max);
      continue;
    }
    if (filled == buffer.size())
      co_return failed(ErrorCode::data_corrupted, origin, proxy, "its answer is too long");
    const Io io = stream.try_read(std::span(buffer).subspan(filled));
    if (io.status == Io::Status::done) {
      filled += io.size;
      continue;
    }
    auto waited = co_await wait_for(stream, io, origin, proxy, deadline);
    if (waited.has_error()) co_return waited.error();
  }
  // A server speaks after its client, over TLS as over HTTP: these bytes are the proxy's.
  if (filled > 0)
    co_return failed(ErrorCode::data_corrupted, origin, proxy, "bytes follow its answer");
  co_return Result<void>();
}

}  // namespace dth::net
