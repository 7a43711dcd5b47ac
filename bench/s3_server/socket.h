#pragma once

#include <cstddef>

#include <sys/types.h>
#include <sys/uio.h>

struct ssl_ctx_st;
struct ssl_st;

namespace dth::bench {

// A non-blocking connection that was accepted, plain or TLS. Not thread-safe.
class Socket {
 public:
  static constexpr ssize_t would_block = -1;
  static constexpr ssize_t broken = -2;

  // Owns `descriptor`. A `tls` context (not owned) makes it the server's end of a TLS connection.
  Socket(int descriptor, ssl_ctx_st* tls);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // The number of bytes moved; 0 (reading) is the end; would_block; broken.
  ssize_t read(char* to, std::size_t size);
  ssize_t write(const iovec* pieces, int count);

  int descriptor() const { return descriptor_; }

 private:
  ssize_t tls_result(int result);
  int descriptor_;
  ssl_st* tls_ = nullptr;
};

// A server's context from PEM files; throws std::runtime_error where they are no use. Lives as long
// as the process.
ssl_ctx_st* make_tls_context(const char* certificate_path, const char* key_path);

}  // namespace dth::bench
