#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "base/body.h"
#include "base/clock.h"
#include "net/address_policy.h"
#include "net/client/buffer_pool.h"
#include "net/http_headers.h"
#include "net/tls.h"

namespace dth::net {

// Where a connection goes. Connections are pooled by all of this.
struct HttpOrigin {
  std::string host;  // a name or a literal address, without brackets
  std::uint16_t port = 443;
  bool tls = true;

  // What Host: carries: the port only where it is not the scheme's own; brackets around IPv6.
  std::string authority() const;
  std::string url() const;  // "https://host:port"
  bool operator==(const HttpOrigin&) const = default;
};

// "https://host[:port]" with nothing behind it but perhaps a slash; invalid_argument otherwise,
// saying what is wrong.
Result<HttpOrigin> parse_origin(std::string_view url);

// A server, and the path under which it serves.
struct HttpEndpoint {
  HttpOrigin origin;
  std::string path;  // "/s3" or nothing: as it is sent, without a slash at its end
};

// "https://host[:port][/path]"; invalid_argument otherwise, saying what is wrong.
Result<HttpEndpoint> parse_endpoint(std::string_view url);

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";  // origin-form, already percent-encoded: it is sent as it is
  // Sent as they are, in this order, after Host. A name or value with CR, LF or NUL is refused
  // (invalid_argument). Content-Length and Connection are the client's own.
  HttpHeaders headers = {};
  // Do not send the body before the server has said 100 Continue, or a second has passed. After a
  // final answer instead of 100 the connection is closed: some servers hang on it.
  bool expect_continue = false;
  // For what must not be done twice: a connection of its own, which cannot have been closed for
  // having been idle. The request goes to the wire once.
  bool fresh_connection = false;
  // The answer may be large, about this many bytes: where it is more than a few KiB, room for it is
  // acquired from the pool before the request goes out, which may wait. 0: the answer is small, and
  // is read into memory of its own. The owner of a body that came through the pool sends no other
  // request with this set before the body is gone.
  std::uint64_t pooled_size = 0;
};

class HttpResponse {
 public:
  int status = 0;
  HttpHeaders headers;
  // It was sent once more, on a fresh connection, because a pooled one closed before an answer
  // began. The first one may have been carried out all the same.
  bool sent_twice = false;
  // It came before the whole request was sent: a success means nothing then.
  bool answered_early = false;
  // Never null. Reads from the connection, which goes back to the pool when the body was read to
  // its end, and is closed when the body is destroyed before. For HEAD, 204 and 304: empty. next()
  // fills its buffer before it returns: with pooled_size set, spans are 1 MiB long but for the
  // last, and a body of known length up to 1 MiB comes as one span, unless it turns out larger than
  // pooled_size. Bodies of other requests, and of refusals, come in spans of up to 64 KiB.
  std::unique_ptr<Body> body;

  // The first header of that name (any case), or an empty view.
  std::string_view header(std::string_view name) const;
};

class ProxyRules;

struct HttpClientOptions {
  std::shared_ptr<TlsContext> tls = {};            // needed for origins with tls
  std::shared_ptr<const ProxyRules> proxies = {};  // null: every origin is reached straight
  // Which addresses may be connected to; null: any.
  std::shared_ptr<const AddressPolicy> addresses = {};
  // What names a file of certificate authorities, for messages.
  std::string_view ca_option = "--source-ca-bundle or --destination-ca-bundle";
  std::uint32_t connections_per_origin_max = 1024;
  std::uint32_t header_size_max = 64 * 1024;          // of a response, all header lines together
  std::chrono::milliseconds connect_timeout{10'000};  // name, TCP and TLS together
  std::chrono::milliseconds first_byte_timeout{
      60'000};  // from the request's last byte to the response's head
  std::chrono::milliseconds stall_timeout{30'000};  // without one byte of progress, either way
  std::chrono::milliseconds buffer_stall_max =
      BufferPool::stall_max_default;  // see BufferPool::acquire()
  std::chrono::milliseconds idle_max{
      4'000};  // an idle connection is not used after this: S3 closes after 5 s
};

// How far an attempt to connect came.
struct ConnectReport {
  std::optional<MonotonicTime> resolved_at = {};   // the name has addresses
  std::optional<MonotonicTime> connected_at = {};  // one of them, to the server or its proxy
  // Those that may be connected to and were tried, in this order. The last one is the one that was
  // connected to.
  std::vector<boost::asio::ip::tcp::endpoint> tried = {};
  std::string tls_version = {};  // "TLSv1.3", where hands were shaken

  [[gnu::cold]] void add_allowed(const boost::asio::ip::tcp::endpoint& endpoint) {
    tried.push_back(endpoint);
  }
};

// What was seen on the wire, for tests and statistics.
struct HttpClientCounters {
  std::uint64_t connections_opened = 0;
  std::uint64_t requests_sent = 0;
};

// HTTP/1.1 over pooled connections (RFC 9112). One lane's: all calls come from coroutines of one
// io_context driven by one thread. Redirects are returned, not followed.
//
// Errors: unavailable (name, connect, reset, closed early), timeout, cancelled; unauthenticated
// where a proxy wants to know who we are; permission_denied where a proxy refuses, or the
// certificate is not accepted (the message says why and names --…-ca-bundle), or where no address
// of the host may be connected to; data_corrupted for
// what is not HTTP or exceeds a limit; invalid_argument for a request that cannot be sent.
// Error::reason is answer_lost where the whole request went out: it may have been carried out.
// A request on a pooled connection that the server closed before the first byte of an answer is
// sent once more on a fresh one, if its body can be rewound: a server may close an idle connection
// at any time (RFC 9112, 9.3.1).
//
// Response heads are read through Beast; bodies of known length bypass it: they are read and
// written with non-blocking calls first and awaited only on would-block, in buffers of the pool.
class HttpClient {
 public:
  HttpClient(Executor executor, Clock& clock, BufferPool& buffers, HttpClientOptions options);
  ~HttpClient();  // precondition: no request is running and no response body is alive

  // `body` may be null (no body; Content-Length: 0 for PUT and POST) and must outlive the call; its
  // size must be known. Returns when the response's head has been read.
  Async<Result<HttpResponse>> send(HttpOrigin origin, HttpRequest request, Body* body);

  // Opens a connection of its own to the origin, as send() would, and closes it: for people who ask
  // whether it can be reached. Errors as send().
  Async<Result<void>> try_connection(HttpOrigin origin, ConnectReport* report);

  const HttpClientCounters& counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::net
