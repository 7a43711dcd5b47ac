#pragma once

#include <memory>
#include <optional>
#include <string>

#include "objects/s3/request.h"

namespace dth::objects::s3 {

// What carries requests: an HttpClient, or a script in a test.
class Transport {
 public:
  virtual ~Transport() = default;
  // As HttpClient::send().
  virtual Async<Result<net::HttpResponse>> send(net::HttpOrigin origin, net::HttpRequest request,
                                                Body* body) = 0;
};

// The names in a refusal; without secrets.
struct RefusalNote {
  std::string code = {};
  std::string request_id = {};
};

// Sends an operation's requests: signs them, reads refusals, sends again what a refusal taught to
// send otherwise.
class Requester {
 public:
  Requester(S3Options options, std::unique_ptr<Transport> transport, Clock& clock,
            std::shared_ptr<aws::CredentialProvider> credentials, RequestCounters& counters);

  // The answer with a status of 2xx; everything else is an error. The request, and what it refers
  // to, must outlive the call.
  Async<Result<net::HttpResponse>> send(const Request& request);

  // send(), and the answer's body, which must not be larger than `size_max`.
  // Of a request with pooled_size it holds a buffer of the pool: let it go before another such
  // request is made.
  struct Answer {
    net::HttpResponse
        response;  // its body is read, and not to be asked again: it may hold the text
    std::string_view text() const { return gathered.empty() ? in_place : gathered; }
    std::string_view in_place;  // in the body's own memory, where it came in one piece
    std::string gathered;       // otherwise
  };
  Async<Result<Answer>> ask(const Request& request, std::uint64_t size_max);

  // What was tried, for messages: "GET s3://bucket/key at https://host".
  std::string tried(const Request& request) const;

  // For what turns out wrong in an answer: an error document within 200 OK, a header that does not
  // fit.
  Error refused(const Request& request, const net::HttpResponse& response,
                std::string_view body) const;
  Error wrong_answer(const Request& request, ErrorCode code, std::string_view what) const;

  // An answer that is not the document that was to come: an error document within 200 OK, a page of
  // somebody else's, or one that broke off, of which `what` says what that means.
  Error wrong_document(const Request& request, const net::HttpResponse& response,
                       std::string_view body, std::string_view what) const;

  // Is the answer the store's own (answer.h)? Else the error: it may pass, and the request counts
  // as not done.
  std::optional<Error> find_foreign(const Request& request, const net::HttpResponse& response,
                                    AnswerKind kind, std::string_view etag,
                                    std::string_view body) const {
    const std::string_view why = s3::find_foreign(kind, endpoint_.signs(), response, etag, body);
    if (why.empty()) [[likely]]
      return std::nullopt;
    return foreign_answer(request, response, why);
  }

  // Of an operation whose answer holds nothing to read: `ask()`, and what find_foreign() says.
  // `status`: the answer's, where it is not null.
  Async<Result<void>> perform(Request request, int* status = nullptr);

  // Of an answer that was sent for: what nobody expects in it.
  Async<Result<std::string>> read_answer(Body& body);

  // What the newest refusal said, since forget_refusal().
  const RefusalNote& refusal_note() const { return refusal_note_; }
  void forget_refusal() { refusal_note_ = {}; }

  Endpoint& endpoint() { return endpoint_; }
  const Endpoint& endpoint() const { return endpoint_; }

  // "s3://bucket at https://host"
  std::string describe() const;

  static constexpr std::uint64_t answer_size_max = 1 << 20;  // of all but listings and objects
  // Of any answer but an object, from its head to its end. Stores send white space for minutes
  // while they complete an upload.
  static constexpr std::chrono::minutes answer_time_max{15};
  static constexpr std::chrono::minutes refusal_time_max{1};

 private:
  struct Outgoing;
  struct Verdict;
  using SharedCredentials = std::shared_ptr<const aws::Credentials>;
  SharedCredentials known_credentials();
  Async<Result<SharedCredentials>> credentials();
  Async<Result<SharedCredentials>> other_credentials(SharedCredentials refused, Error refusal);
  Async<Result<SharedCredentials>> ask_about(SharedCredentials refused, Error refusal);
  Async<std::optional<Error>> find_auth_failure();
  Payload prepare(const Request& request, OutgoingBody* body, const aws::Credentials& credentials,
                  AidSet without, Outgoing* outgoing);
  Async<Result<Digest>> digest_before(const Request& request, OutgoingBody* body);
  Verdict judge(const Request& request, const Attempt& attempt, const net::HttpResponse& response,
                std::string_view text, const aws::Credentials& credentials, AidTrial* trial);
  [[gnu::cold]] void note_refusal(const Refusal& refusal, const aws::Credentials& credentials);
  ErrorContext context_of(const Request& request) const;
  [[gnu::cold]] Error foreign_answer(const Request& request, const net::HttpResponse& response,
                                     std::string_view why) const;
  Result<void> check(const Request& request) const;

  Endpoint endpoint_;
  std::unique_ptr<Transport> transport_;
  Clock& clock_;
  std::shared_ptr<aws::CredentialProvider> provider_;
  RequestCounters& counters_;
  aws::Signer signer_{"s3"};
  struct AuthFailure {
    bool is_being_asked = false;
    SharedCredentials of = {};  // that were refused
    std::optional<MonotonicTime> asked_at = {};
    std::optional<Error> found = {};  // then
  };
  RefusalNote refusal_note_ = {};
  AuthFailure auth_failure_ = {};  // what was asked about refusals without words
};

}  // namespace dth::objects::s3
