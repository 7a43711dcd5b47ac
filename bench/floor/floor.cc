// The floor: what copying costs when nothing is left but system calls (and, where asked for, TLS,
// one hash of the bytes, signatures). One thread, epoll, keep-alive sockets, GET into PUT through
// one buffer per connection; no proof, no retry, no memory of what was done. Ratios are taken to
// this.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/epoll.h>
#include <sys/resource.h>

#include "base/encoding.h"
#include "base/hash.h"
#include "floor/wire.h"

namespace {

using dth::as_bytes;
using dth::bench::fail;
using dth::bench::Wire;

struct Options {
  int source_port = 0;
  std::string source;  // "bucket/prefix"
  int destination_port = 0;
  std::string destination;
  std::uint64_t count = 0;
  std::size_t connections = 1;
  bool sign = false;                         // AWS Signature Version 4, payload unsigned
  bool tls = false;                          // on both sides; certificates are not looked at
  std::optional<dth::HashAlgorithm> hash{};  // of every body, thrown away
  std::size_t buffer_bytes = 1 << 20;
};

// Heads that differ in the key only, and in the signature where one is asked for.
class Heads {
 public:
  explicit Heads(bool sign) : sign_(sign) {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    time_.assign(text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts));
    scope_ = time_.substr(0, 8) + "/us-east-1/s3/aws4_request";
    key_ = "AWS4testsecretkey";
    for (const char* word : {time_.substr(0, 8).c_str(), "us-east-1", "s3", "aws4_request"})
      key_ = hmac(word);
  }

  void make(std::string* head, const char* method, int port, const std::string& path,
            std::string_view more) const {
    char host[32];
    std::snprintf(host, sizeof host, "127.0.0.1:%d", port);
    head->assign(method)
        .append(" ")
        .append(path)
        .append(" HTTP/1.1\r\nHost: ")
        .append(host)
        .append("\r\n")
        .append(more);
    if (sign_) {
      thread_local std::string canonical;
      canonical.assign(method).append("\n").append(path).append("\n\nhost:").append(host);
      canonical.append("\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:").append(time_);
      canonical.append("\n\nhost;x-amz-content-sha256;x-amz-date\nUNSIGNED-PAYLOAD");
      const std::string digest = dth::hash(dth::HashAlgorithm::sha256, as_bytes(canonical)).hex();
      canonical.assign("AWS4-HMAC-SHA256\n")
          .append(time_)
          .append("\n")
          .append(scope_)
          .append("\n")
          .append(digest);
      head->append("x-amz-content-sha256: UNSIGNED-PAYLOAD\r\nx-amz-date: ").append(time_);
      head->append("\r\nAuthorization: AWS4-HMAC-SHA256 Credential=TESTACCESSKEY/").append(scope_);
      head->append(", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=");
      head->append(dth::hmac_sha256(as_bytes(key_), as_bytes(canonical)).hex()).append("\r\n");
    }
    head->append("\r\n");
  }

 private:
  std::string hmac(std::string_view message) const {
    const dth::Digest digest = dth::hmac_sha256(as_bytes(key_), as_bytes(message));
    return {reinterpret_cast<const char*>(digest.bytes().data()), digest.bytes().size()};
  }
  bool sign_;
  std::string time_;
  std::string scope_;
  std::string key_;
};

struct Work {
  Options options;
  Heads heads;
  std::uint64_t next = 0;
  std::uint64_t done = 0;
  std::uint64_t bytes = 0;
};

// One pair of connections, one object at a time.
class Lane {
 public:
  explicit Lane(Work& work)
      : work_(work),
        buffer_bytes_(work.options.buffer_bytes),
        source_(work.options.source_port, work.options.tls),
        destination_(work.options.destination_port, work.options.tls),
        buffer_(new char[buffer_bytes_]) {
    if (work.options.hash) hasher_.emplace(*work.options.hash);
  }

  int source() const { return source_.descriptor(); }
  int destination() const { return destination_.descriptor(); }

  // Goes on as far as the sockets let it.
  void run() {
    while (step()) {
    }
  }

 private:
  enum class State { idle, source_head, body, answer, finished };

  bool step() {
    switch (state_) {
      case State::idle:
        return begin();
      case State::source_head:
        return read_source_head();
      case State::body:
        return pump();
      case State::answer:
        return read_answer();
      case State::finished:
        return false;
    }
    return false;
  }

  bool begin() {
    if (work_.next == work_.options.count) {
      state_ = State::finished;
      return false;
    }
    char digits[16];
    std::snprintf(digits, sizeof digits, "%09llu", static_cast<unsigned long long>(work_.next++));
    key_ = digits;
    work_.heads.make(&head_, "GET", work_.options.source_port, "/" + work_.options.source + key_,
                     "");
    if (source_.write(head_, {}) != static_cast<ssize_t>(head_.size())) fail("a GET was not sent");
    if (hasher_) hasher_->reset();
    filled_ = 0;
    state_ = State::source_head;
    return true;
  }

  // The head in the buffer's beginning: its length, or 0 where it is not whole yet.
  std::size_t head_length() {
    const std::string_view text(buffer_.get(), filled_);
    const std::size_t end = text.find("\r\n\r\n");
    if (end == text.npos) return 0;
    if (!text.starts_with("HTTP/1.1 200")) fail("not 200: " + std::string(text.substr(0, 400)));
    return end + 4;
  }

  bool read_source_head() {
    const ssize_t count = source_.read(buffer_.get() + filled_, buffer_bytes_ - filled_);
    if (count < 0) return false;
    filled_ += static_cast<std::size_t>(count);
    const std::size_t length = head_length();
    if (length == 0) return true;
    const std::string_view text(buffer_.get(), length);
    const std::size_t field = text.find("Content-Length: ");
    if (field == text.npos) fail("an answer without Content-Length");
    remaining_ = to_read_ = std::strtoull(text.data() + field + 16, nullptr, 10);
    work_.bytes += remaining_;
    char more[128];
    std::snprintf(more, sizeof more, "Content-Length: %llu\r\n",
                  static_cast<unsigned long long>(remaining_));
    work_.heads.make(&head_, "PUT", work_.options.destination_port,
                     "/" + work_.options.destination + key_, more);
    head_sent_ = 0;
    sent_ = length;
    to_read_ -= filled_ - length;
    take({buffer_.get() + length, filled_ - length});
    state_ = State::body;
    return true;
  }

  bool pump() {
    if (head_sent_ == head_.size() && remaining_ == 0) {
      filled_ = 0;
      state_ = State::answer;
      return true;
    }
    if (sent_ == filled_ && to_read_ > 0) {
      sent_ = filled_ = 0;
      const ssize_t count =
          source_.read(buffer_.get(), std::min<std::uint64_t>(buffer_bytes_, to_read_));
      if (count < 0) return false;
      filled_ = static_cast<std::size_t>(count);
      to_read_ -= filled_;
      take({buffer_.get(), filled_});
    }
    const ssize_t count = destination_.write(std::string_view(head_).substr(head_sent_),
                                             {buffer_.get() + sent_, filled_ - sent_});
    if (count < 0) return false;
    const std::size_t of_head =
        std::min(static_cast<std::size_t>(count), head_.size() - head_sent_);
    head_sent_ += of_head;
    sent_ += static_cast<std::size_t>(count) - of_head;
    remaining_ -= static_cast<std::size_t>(count) - of_head;
    return true;
  }

  void take(std::string_view bytes) {
    if (!hasher_) return;
    hasher_->update(as_bytes(bytes));
    if (to_read_ == 0) hasher_->finish();
  }

  bool read_answer() {
    const ssize_t count = destination_.read(buffer_.get() + filled_, buffer_bytes_ - filled_);
    if (count < 0) return false;
    filled_ += static_cast<std::size_t>(count);
    if (head_length() == 0) return true;
    ++work_.done;
    state_ = State::idle;
    return true;
  }

  Work& work_;
  const std::size_t buffer_bytes_;
  Wire source_;
  Wire destination_;
  std::unique_ptr<char[]> buffer_;
  std::optional<dth::Hasher> hasher_;
  State state_ = State::idle;
  std::string key_;
  std::string head_;
  std::size_t head_sent_ = 0;
  std::size_t filled_ = 0;
  std::size_t sent_ = 0;
  std::uint64_t to_read_ = 0;    // of the body, from the source
  std::uint64_t remaining_ = 0;  // of the body, to the destination
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

[[noreturn]] void usage() {
  std::fprintf(
      stderr,
      "usage: floor SOURCE_PORT BUCKET/PREFIX DESTINATION_PORT BUCKET/PREFIX COUNT CONNECTIONS\n"
      "             [--sign] [--tls] [--hash md5|sha256|crc32c|crc64nvme] [--buffer-kib N]\n"
      "Copies the objects PREFIX000000000 ... of an in-memory server; prints CPU and wall seconds "
      "as JSON.\n");
  std::exit(2);
}

dth::HashAlgorithm hash_named(std::string_view name) {
  using enum dth::HashAlgorithm;
  if (name == "md5") return md5;
  if (name == "sha256") return sha256;
  if (name == "crc32c") return crc32c;
  if (name == "crc64nvme") return crc64nvme;
  usage();
}

Options parse(int argc, char** argv) {
  if (argc < 7) usage();
  Options options{.source_port = std::atoi(argv[1]),
                  .source = argv[2],
                  .destination_port = std::atoi(argv[3]),
                  .destination = argv[4],
                  .count = std::strtoull(argv[5], nullptr, 10),
                  .connections = std::strtoull(argv[6], nullptr, 10)};
  for (int i = 7; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--sign") {
      options.sign = true;
    } else if (name == "--tls") {
      options.tls = true;
    } else if (name == "--hash" && i + 1 < argc) {
      options.hash = hash_named(argv[++i]);
    } else if (name == "--buffer-kib" && i + 1 < argc) {
      options.buffer_bytes = std::strtoull(argv[++i], nullptr, 10) << 10;
    } else {
      usage();
    }
  }
  if (options.buffer_bytes < 64 << 10) usage();  // a head must fit
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  Work work{options, Heads(options.sign)};
  const auto start = std::chrono::steady_clock::now();
  const int epoll = ::epoll_create1(0);
  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::size_t i = 0; i < options.connections; ++i) {
    lanes.push_back(std::make_unique<Lane>(work));
    epoll_event event{};
    event.data.u64 = i;
    event.events = EPOLLIN | EPOLLET;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, lanes[i]->source(), &event);
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, lanes[i]->destination(), &event);
  }
  for (const auto& lane : lanes) lane->run();
  while (work.done < options.count) {
    epoll_event events[128];
    const int count = ::epoll_wait(epoll, events, 128, 60'000);
    if (count == 0) fail("nothing happened for a minute");
    for (int i = 0; i < count; ++i) lanes[events[i].data.u64]->run();
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  std::printf(
      "{\"cpu_seconds\": %.3f, \"wall_seconds\": %.3f, \"objects\": %llu, \"bytes\": %llu}\n",
      seconds(used.ru_utime) + seconds(used.ru_stime), wall.count(),
      static_cast<unsigned long long>(work.done), static_cast<unsigned long long>(work.bytes));
}
