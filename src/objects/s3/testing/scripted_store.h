#pragma once

#include <deque>

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "base/testing/run_for_test.h"
#include "objects/s3/store.h"

// For tests: an S3Store whose server is a script.
namespace dth::objects::s3 {

struct Seen {
  net::HttpOrigin origin;
  net::HttpRequest request;
  std::string body;
  bool body_read = false;

  std::string header(std::string_view name) const {
    for (const net::HttpHeader& header : request.headers) {
      if (header.name == name) return std::string(header.value);
    }
    return "(none)";
  }
};

// A body that owns its bytes. One that cannot be rewound spoils each piece when it is asked for the
// next one, as a socket's does.
class TextBody final : public Body {
 public:
  explicit TextBody(std::string text, std::size_t piece = 1 << 20, bool rewinds = true,
                    bool tells_end = false)
      : text_(std::move(text)), piece_(piece), rewinds_(rewinds), tells_end_(tells_end) {}
  std::uint64_t size() const override { return text_.size(); }
  bool is_at_end() const override { return tells_end_ && at_ == text_.size(); }
  Async<Result<Bytes>> next() override {
    if (!rewinds_) std::fill_n(text_.begin(), at_, '?');
    const Bytes piece = as_bytes(text_).subspan(at_, std::min(piece_, text_.size() - at_));
    at_ += piece.size();
    co_return piece;
  }
  bool rewind() override {
    if (rewinds_) at_ = 0;
    return rewinds_;
  }

 private:
  std::string text_;
  std::size_t at_ = 0, piece_;
  bool rewinds_, tells_end_;
};

inline ListRequest list_request(std::string start_after, std::string token = "",
                                std::uint32_t page_size = 1000) {
  ListRequest request;
  request.start_after = std::move(start_after);
  request.continuation_token = std::move(token);
  request.page_size = page_size;
  return request;
}

struct Scripted {
  int status = 200;
  net::HttpHeaders headers = {};
  std::string body = {};
  bool reads_body = true;  // or answers at once
  bool sent_twice = false;
  bool early = false;           // it came before the request was sent whole
  std::size_t piece = 1 << 20;  // in which the body comes
  bool tells_end = false;       // with its last piece
  bool with_etag = true;        // a success has one, also where `headers` do not say so
};

// Answers from a script; checks nothing by itself.
class ScriptedTransport final : public Transport {
 public:
  ScriptedTransport(std::deque<Scripted>* script, std::vector<Seen>* seen)
      : script_(script), seen_(seen) {}

  Async<Result<net::HttpResponse>> send(net::HttpOrigin origin, net::HttpRequest request,
                                        Body* body) override {
    Seen& seen = seen_->emplace_back();
    seen.origin = std::move(origin);
    seen.request = std::move(request);
    if (script_->empty()) co_return Error{ErrorCode::internal, "the script is over", ""};
    Scripted next = std::move(script_->front());
    script_->pop_front();
    if (body && next.reads_body) {
      seen.body_read = true;
      for (;;) {
        auto piece = co_await body->next();
        if (!piece) co_return piece.error();
        if (piece->empty()) break;
        seen_->back().body.append(reinterpret_cast<const char*>(piece->data()), piece->size());
      }
      if (seen_->back().body.size() != body->size()) {
        co_return Error{ErrorCode::internal, "the body's size is not what it announced", ""};
      }
    }
    net::HttpResponse response;
    response.status = next.status;
    response.sent_twice = next.sent_twice;
    response.answered_early = next.early;
    response.headers = std::move(next.headers);
    const bool success = response.status >= 200 && response.status < 300;
    if (success && next.with_etag && response.header("etag").empty())
      response.headers.push_back({"ETag", "\"etag-of-any\""});
    response.body =
        std::make_unique<TextBody>(std::move(next.body), next.piece, false, next.tells_end);
    co_return response;
  }

 private:
  std::deque<Scripted>* script_;
  std::vector<Seen>* seen_;
};

inline std::string error_document(const std::string& code, const std::string& more = "") {
  return "<Error><Code>" + code + "</Code>" + more + "</Error>";
}

class S3StoreTest : public ::testing::Test {
 protected:
  S3StoreTest() : clock_(*parse_time("2026-11-23T12:00:00Z")) {
    options_.bucket = "bucket";
    options_.endpoint = net::HttpOrigin{.host = "store.example.com", .port = 443, .tls = true};
    options_.vendor = "ceph";
  }

  S3Store& store() {
    if (!store_) {
      store_ =
          std::make_unique<S3Store>(options_, std::make_unique<ScriptedTransport>(&script_, &seen_),
                                    clock_, credentials_, counters_);
    }
    return *store_;
  }

  template <class T>
  T run(Async<T> work) {
    return run_for_test(context_, std::move(work));
  }

  Result<PutResult> put(const std::string& text, PutRequest request = {.key = "k"},
                        std::size_t piece = 1 << 20, bool rewinds = true) {
    TextBody body(text, piece, rewinds);
    return run(store().put(std::move(request), body));
  }

  boost::asio::io_context context_;
  SimulatedClock clock_;
  S3Options options_;
  std::shared_ptr<aws::CredentialProvider> credentials_ =
      aws::make_static_provider({"AKID", "s3cr3t-key", "t0ken-of-session"});
  std::deque<Scripted> script_;
  std::vector<Seen> seen_;
  RequestCounters counters_;
  std::unique_ptr<S3Store> store_;
};

inline constexpr const char* empty_listing =
    "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

}  // namespace dth::objects::s3
