#include "net/server/testing/raw_client.h"

#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ascii.h"
#include "net/header_text.h"

namespace dth::net::testing {
namespace {

constexpr timeval socket_patience{20, 0};

int connect_to(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &socket_patience, sizeof socket_patience);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &socket_patience, sizeof socket_patience);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(descriptor);
    throw std::runtime_error("the test's client cannot connect");
  }
  return descriptor;
}

}  // namespace

std::string RawAnswer::header(std::string_view name) const {
  for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line =
        std::string_view(head).substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    const std::size_t colon = line.find(':');
    if (colon != line.npos && equals_ignoring_case(line.substr(0, colon), name))
      return std::string(trimmed(line.substr(colon + 1)));
  }
  return {};
}

std::uint16_t RawFrame::close_code() const {
  if (payload.size() < 2) return 1005;
  return static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                    static_cast<unsigned char>(payload[1]));
}

RawClient::RawClient(std::uint16_t port) : BlockingSocket(connect_to(port)) {}

RawClient::RawClient(RawClient&& other) noexcept
    : BlockingSocket(std::move(other)),
      tls_context_(std::exchange(other.tls_context_, nullptr)),
      session_(other.session_) {}

RawClient::~RawClient() { SSL_CTX_free(tls_context_); }

bool RawClient::start_tls(std::string_view alpn) {
  tls_context_ = SSL_CTX_new(TLS_client_method());
  SSL* const ssl = use_tls(tls_context_);
  if (!alpn.empty()) {
    const std::string list = static_cast<char>(alpn.size()) + std::string(alpn);
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(list.data()),
                        static_cast<unsigned>(list.size()));
  }
  if (session_ != nullptr) SSL_set_session(ssl, session_);
  return SSL_connect(ssl) == 1;
}

std::string RawClient::peer_name() const {
  X509* certificate = SSL_get1_peer_certificate(tls());
  char name[128] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  X509_free(certificate);
  return name;
}

std::string RawClient::alpn() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool RawClient::is_closed() {
  bool closed = false;
  return read_to_end(&closed).empty() && closed;
}

RawAnswer RawClient::read_answer(bool to_head) {
  RawAnswer answer;
  answer.head = read_until("\r\n\r\n");
  if (!answer.head.starts_with("HTTP/1.1 ") || !answer.head.ends_with("\r\n\r\n"))
    return {0, answer.head, {}};
  answer.status = static_cast<unsigned>(std::stoul(answer.head.substr(9, 3)));
  if (to_head || answer.status == 204 || answer.status == 304 || answer.status < 200) return answer;
  if (answer.header("Transfer-Encoding") == "chunked") {
    for (;;) {
      const std::size_t size = std::stoul(read_until("\r\n"), nullptr, 16);
      answer.body += read_exactly(size);
      if (read_exactly(2) != "\r\n") return {0, "a chunk that does not end", {}};
      if (size == 0) return answer;
    }
  }
  const std::string length = answer.header("Content-Length");
  answer.body = length.empty() ? read_to_end() : read_exactly(std::stoul(length));
  return answer;
}

void RawClient::end_writing() { ::shutdown(descriptor(), SHUT_WR); }

void RawClient::receive_little() {
  const int size = 4096;
  ::setsockopt(descriptor(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

RawAnswer RawClient::open_websocket(std::string_view path, std::string_view more_headers) {
  send("GET " + std::string(path) +
       " HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: keep-alive, "
       "Upgrade\r\nSec-WebSocket-Version: "
       "13\r\n"
       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
       std::string(more_headers) + "\r\n");
  return read_answer();
}

std::string RawClient::frame(unsigned opcode, std::string_view payload, bool final) {
  constexpr char mask[4] = {0x11, 0x22, 0x33, 0x44};
  std::string text(1, static_cast<char>((final ? 0x80 : 0) | opcode));
  std::size_t extended = 0;
  if (payload.size() < 126) {
    text += static_cast<char>(0x80 | payload.size());
  } else {
    extended = payload.size() <= 0xffff ? 2 : 8;
    text += static_cast<char>(0x80 | (extended == 2 ? 126 : 127));
  }
  for (std::size_t i = extended; i-- > 0;)
    text += static_cast<char>(payload.size() >> (8 * i) & 0xff);
  text.append(mask, 4);
  for (std::size_t i = 0; i < payload.size(); ++i)
    text += static_cast<char>(payload[i] ^ mask[i % 4]);
  return text;
}

RawFrame RawClient::read_frame() {
  const std::string head = read_exactly(2);
  if (head.size() < 2) return {};
  RawFrame frame{static_cast<unsigned>(head[0] & 0x0f), (head[0] & 0x80) != 0, {}};
  std::size_t size = static_cast<unsigned char>(head[1]);
  if (size >= 126) {
    const std::string extended = read_exactly(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : extended) size = size << 8 | static_cast<unsigned char>(c);
  }
  frame.payload = read_exactly(size);
  return frame;
}

}  // namespace dth::net::testing
