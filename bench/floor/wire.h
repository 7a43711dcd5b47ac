#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <sys/types.h>

struct ssl_st;

namespace dth::bench {

// Says why and ends the program.
[[noreturn]] void fail(const std::string& why);

// A connection to 127.0.0.1, non-blocking once it is made, plain or TLS. Whatever is wrong with it
// ends the program.
class Wire {
 public:
  Wire(int port, bool tls);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // At least one byte, or -1 where it would block.
  ssize_t read(char* to, std::size_t size);

  // Some of `head` followed by some of `body`, in one system call where that is possible; -1 where
  // it would block.
  ssize_t write(std::string_view head, std::string_view body);

  int descriptor() const { return descriptor_; }

 private:
  ssize_t write_tls(std::string_view head, std::string_view body);
  int descriptor_;
  ssl_st* tls_ = nullptr;
};

}  // namespace dth::bench
