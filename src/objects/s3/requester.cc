#include "objects/s3/requester.h"

#include <optional>
#include <set>

#include "base/encoding.h"
#include "base/timed_body.h"

namespace dth::objects::s3 {
namespace {

// Takes secrets out of what a server said.
void redact(const aws::Credentials& credentials, const CustomerKey* key, Error* error) {
  for (std::string* text : {&error->message, &error->detail}) {
    aws::redact(credentials.secret_access_key, text);
    aws::redact(credentials.session_token, text);
    if (key) aws::redact(key->secret(), text);
  }
}

bool is_write(const Request& request) {
  return request.method == "PUT" || request.method == "POST";
}

constexpr std::chrono::milliseconds auth_failure_poll_interval{10};
// A refusal without words may have to do with one key: the store is not asked about each.
constexpr std::chrono::seconds auth_failure_holds{1};
constexpr int auth_failure_polls_max = 6'000;

bool is_success(int status) { return status >= 200 && status < 300; }

// Does the next try leave out what the caller of the write relies on: a digest in its headers, or
// that none is needed beforehand?
bool changes_plan(const Request& request, const Attempt& attempt, const AidTrial& trial) {
  const AidSet left_out = trial.without - attempt.without;
  return request.trial &&
         (left_out.has(TransferAid::checksums) || left_out.has(TransferAid::chunk_signatures));
}

Error to_be_planned_again(Error error) {
  error.code = ErrorCode::unavailable;
  error.reason = ErrorReason::aid_refused;
  return error;
}

Async<Result<std::string>> read_refusal(Body& body, Clock& clock) {
  TimedBody timed(body, clock, Requester::refusal_time_max);
  co_return co_await read_beginning(timed, error_body_size_max);
}

}  // namespace

// A request as it is sent. Its body may lie in here, so that this stays where it was made.
struct Requester::Outgoing {
  Outgoing() = default;
  Outgoing(const Outgoing&) = delete;
  SignedRequest request = {};
  std::optional<BytesBody> bytes = {};
  std::optional<ChunkSignedBody> chunks = {};
  Body* body = nullptr;
};

// What to make of an answer that is not one of success.
struct Requester::Verdict {
  Error error;
  EndpointUpdate update;
  bool is_wordless;  // perhaps the credentials' end, which the answer to a HEAD has no words for
};

Requester::Requester(S3Options options, std::unique_ptr<Transport> transport, Clock& clock,
                     std::shared_ptr<aws::CredentialProvider> credentials,
                     RequestCounters& counters)
    : endpoint_(std::move(options)),
      transport_(std::move(transport)),
      clock_(clock),
      provider_(std::move(credentials)),
      counters_(counters) {}

std::string Requester::describe() const {
  if (endpoint_.options().of_service) return endpoint_.address().url();
  return "s3://" + printable(endpoint_.options().bucket) + " at " + endpoint_.address().url();
}

ErrorContext Requester::context_of(const Request& request) const {
  ErrorContext context;
  context.bucket = endpoint_.options().bucket;
  context.has_key = !request.key.empty();
  context.has_upload = request.of_upload;
  context.tried = tried(request);
  return context;
}

std::string Requester::tried(const Request& request) const {
  if (endpoint_.options().of_service) return request.method + " " + endpoint_.address().url();
  std::string text = request.method + " s3://" + printable(endpoint_.options().bucket);
  if (!request.key.empty()) text += "/" + printable(request.key);
  return text + " at " + endpoint_.address().url();
}

Error Requester::refused(const Request& request, const net::HttpResponse& response,
                         std::string_view body) const {
  return to_error(read_refusal(response.status, response, body), context_of(request));
}

Error Requester::wrong_answer(const Request& request, ErrorCode code, std::string_view what) const {
  return Error{code, tried(request) + ": " + std::string(what), ""};
}

Error Requester::foreign_answer(const Request& request, const net::HttpResponse& response,
                                std::string_view why) const {
  const std::string type = printable(response.header("content-type").substr(0, 80));
  return Error{
      ErrorCode::unavailable, ErrorReason::foreign_answer,
      tried(request) + ": the answer is not the store's: " + std::string(why) +
          ". A proxy or a login page may stand between; check the endpoint and the network",
      "HTTP " + std::to_string(response.status) + (type.empty() ? "" : ", " + type)};
}

Error Requester::wrong_document(const Request& request, const net::HttpResponse& response,
                                std::string_view body, std::string_view what) const {
  if (is_error_document(body)) return refused(request, response, body);
  if (is_page(body)) return foreign_answer(request, response, "it is a page");
  return wrong_answer(request, ErrorCode::unavailable, what);
}

Async<Result<void>> Requester::perform(Request request, int* status) {
  auto answer = co_await ask(request, answer_size_max);
  if (!answer) co_return answer.error();
  if (status) *status = answer->response.status;
  if (is_error_document(answer->text()))
    co_return refused(request, answer->response, answer->text());
  auto foreign = find_foreign(request, answer->response, AnswerKind::done, "", answer->text());
  if (foreign) co_return std::move(*foreign);
  co_return Result<void>();
}

Result<void> Requester::check(const Request& request) const {
  if (endpoint_.invalid()) return *endpoint_.invalid();
  if (request.key.size() > endpoint_.limits().key_size_max) {
    return Error{ErrorCode::invalid_argument,
                 request.method + " s3://" + printable(endpoint_.options().bucket) + "/" +
                     printable(request.key.substr(0, 64)) + "...: the key has " +
                     std::to_string(request.key.size()) + " bytes, and the store allows " +
                     std::to_string(endpoint_.limits().key_size_max),
                 ""};
  }
  if (request.body && request.body->size() == Body::size_unknown) {
    return wrong_answer(request, ErrorCode::invalid_argument, "the body's size must be known");
  }
  return {};
}

// Null where they have to be waited for.
Requester::SharedCredentials Requester::known_credentials() {
  return endpoint_.options().anonymous || !provider_ ? std::make_shared<const aws::Credentials>()
                                                     : provider_->at_hand();
}

Async<Result<Requester::SharedCredentials>> Requester::credentials() {
  if (auto known = known_credentials()) co_return known;
  auto credentials = co_await provider_->get();
  if (credentials.has_value()) co_return credentials;
  Error error =
      std::move(credentials.error()).with_context("cannot sign requests to " + describe());
  // It is the credential that is not there, and nothing of the store.
  if (error.code == ErrorCode::not_found) error.code = ErrorCode::unauthenticated;
  co_return error;
}

// In place of credentials that were refused as old. Where there are none but these, the refusal.
Async<Result<Requester::SharedCredentials>> Requester::other_credentials(SharedCredentials refused,
                                                                         Error refusal) {
  provider_->forget(refused);
  auto others = co_await credentials();
  if (others.has_value() && **others == *refused) co_return refusal;
  co_return others;
}

// The answer to HEAD has no body, and so nothing says why: S3 tells of the end of a session by a
// bare 400, others of it or of a key that was withdrawn by a bare 403. A request whose refusal has
// words, and which renews what can be renewed, finds out.
Async<Result<Requester::SharedCredentials>> Requester::ask_about(SharedCredentials refused,
                                                                 Error refusal) {
  for (int polls = 0; auth_failure_.is_being_asked && polls < auth_failure_polls_max; ++polls) {
    auto slept = co_await clock_.sleep_for(auth_failure_poll_interval);
    if (slept.has_error()) co_return slept.error();
  }
  const auto now = clock_.monotonic_now();
  const bool is_recent =
      auth_failure_.asked_at && now - *auth_failure_.asked_at < auth_failure_holds;
  if (!is_recent || auth_failure_.of != refused) {
    auth_failure_.of = refused;
    auth_failure_.asked_at.reset();
    auth_failure_.is_being_asked = true;
    auto found = co_await find_auth_failure();
    auth_failure_.is_being_asked = false;
    if (found && found->code != ErrorCode::unauthenticated) co_return *found;
    auth_failure_.found = std::move(found);
    auth_failure_.asked_at = clock_.monotonic_now();
  }
  if (auth_failure_.found) co_return *auth_failure_.found;
  auto others = co_await credentials();
  if (others.has_value() && **others == *refused) co_return refusal;
  co_return others;
}

// Is nobody let in with these credentials? Nothing: they are, or the store does not tell. Another
// error than `unauthenticated`: it was a bad moment to ask.
Async<std::optional<Error>> Requester::find_auth_failure() {
  Request listing{.method = "GET", .counter = &RequestCounters::other};
  listing.query = {{"max-keys", "1"}};
  auto answer = co_await ask(listing, answer_size_max);
  if (answer.has_value()) co_return std::nullopt;
  const Error error = answer.error();
  const bool tells = error.code == ErrorCode::unauthenticated || is_retryable(error.code) ||
                     error.code == ErrorCode::cancelled;
  if (tells) co_return error;
  co_return std::nullopt;
}

// Signs it for one attempt. What can be looked at of its body ahead of time has been.
Payload Requester::prepare(const Request& request, OutgoingBody* body,
                           const aws::Credentials& credentials, AidSet without,
                           Outgoing* outgoing) {
  const Payload payload =
      choose_payload(request, body, endpoint_, credentials.anonymous(), without);
  if (payload == Payload::unhashed) return payload;
  outgoing->request =
      build_request(request, payload, without, body, endpoint_, credentials, signer_, clock_.now());
  outgoing->body = body;
  if (payload == Payload::own) {
    outgoing->body = &outgoing->bytes.emplace(as_bytes(request.xml));
  } else if (payload == Payload::chunk_signed) {
    outgoing->body =
        &outgoing->chunks.emplace(*body, signer_.chunk_signer(outgoing->request.signature));
  } else if (body && body->whole()) {
    outgoing->body = &outgoing->bytes.emplace(body->first());
  }
  return payload;
}

// The SHA-256 of a body that has to be signed with it. Only of one that can be read twice, and
// where its sender does not find it by itself.
Async<Result<Digest>> Requester::digest_before(const Request& request, OutgoingBody* body) {
  Error unknown{ErrorCode::unavailable, ErrorReason::aid_refused,
                tried(request) +
                    ": the store takes no signed chunks, so that the SHA-256 of the body is needed "
                    "beforehand",
                ""};
  if (request.trial) co_return unknown;
  Hasher hasher(HashAlgorithm::sha256);
  for (;;) {
    auto piece = co_await body->next();
    if (piece.has_error()) co_return piece.error();
    if (piece->empty()) break;
    hasher.update(*piece);
  }
  if (!body->rewind()) co_return unknown;
  co_return hasher.finish();
}

void Requester::note_refusal(const Refusal& refusal, const aws::Credentials& credentials) {
  constexpr std::size_t text_max = 200;
  refusal_note_ = {.code = refusal.code, .request_id = refusal.request_id};
  for (std::string* text : {&refusal_note_.code, &refusal_note_.request_id}) {
    aws::redact(credentials.secret_access_key, text);
    aws::redact(credentials.session_token, text);
    *text = printable(text->substr(0, text_max));
  }
}

Requester::Verdict Requester::judge(const Request& request, const Attempt& attempt,
                                    const net::HttpResponse& response, std::string_view text,
                                    const aws::Credentials& credentials, AidTrial* trial) {
  // Also a refusal gives the vendor away, where the bucket is looked at for the first time.
  const bool is_first_look = request.key.empty() && request.counter == &RequestCounters::other;
  if (is_first_look && !endpoint_.vendor_known()) {
    if (const VendorProfile* vendor = vendor_of_response(response)) endpoint_.adopt_vendor(*vendor);
  }
  const Refusal refusal = read_refusal(response.status, response, text);
  Verdict verdict{.error = to_error(refusal, context_of(request)),
                  .update = endpoint_.apply(refusal, attempt, trial),
                  .is_wordless = false};
  redact(credentials, endpoint_.options().customer_key.get(), &verdict.error);
  note_refusal(refusal, credentials);
  // Sent twice, the first one may be why: its answer was lost like any other.
  const bool is_ours = response.sent_twice && is_write(request);
  if (is_ours && verdict.error.code == ErrorCode::precondition_failed) {
    verdict.error.code = ErrorCode::unavailable;
    verdict.error.reason = ErrorReason::answer_lost;
  }
  // The same holds for a removal: the second request finds nothing, or not what it was to remove.
  const bool is_our_removal = response.sent_twice && request.method == "DELETE";
  const bool says_gone = verdict.error.code == ErrorCode::not_found ||
                         verdict.error.code == ErrorCode::precondition_failed;
  if (is_our_removal && says_gone) verdict.error.code = ErrorCode::unavailable;
  const bool may_be_auth_failure =
      refusal.status == 400 || (refusal.status == 403 && !request.key.empty());
  verdict.is_wordless =
      request.method == "HEAD" && may_be_auth_failure && !credentials.anonymous() &&
      (verdict.update == EndpointUpdate::none || verdict.update == EndpointUpdate::aid);
  return verdict;
}

Async<Result<net::HttpResponse>> Requester::send(const Request& request) {
  if (auto checked = check(request); !checked) co_return checked.error();
  Result<SharedCredentials> credentials = known_credentials();  // nearly always: no coroutine then
  if (*credentials == nullptr) credentials = co_await this->credentials();
  if (!credentials) co_return credentials.error();
  std::optional<OutgoingBody> body;
  if (request.body) body.emplace(*request.body);
  std::optional<Request> hashed;  // the same with its body's digest

  AidTrial own_trial;
  AidTrial* const trial = request.trial ? request.trial : &own_trial;
  // Each once, and aids as often as LearntAids says: that bounds the loop.
  std::set<EndpointUpdate> learnt;
  for (;;) {
    if (body) {
      std::optional<Result<void>> ahead = body->try_look_ahead();
      if (!ahead) ahead = co_await body->look_ahead();
      if (ahead->has_error()) co_return ahead->error();
    }
    Outgoing outgoing;
    if (prepare(hashed ? *hashed : request, body ? &*body : nullptr, **credentials, trial->without,
                &outgoing) == Payload::unhashed) {
      auto digest = co_await digest_before(request, &*body);
      if (digest.has_error()) co_return digest.error();
      hashed.emplace(request).payload_sha256 = *digest;
      continue;
    }
    ++(counters_.*request.counter);
    const net::HttpOrigin& origin = endpoint_.address().origin;
    auto response =
        co_await transport_->send(origin, std::move(outgoing.request.http), outgoing.body);
    if (!response) {
      if (body && body->failure()) co_return *body->failure();
      co_return response.error().with_context(tried(request));
    }
    const Attempt& attempt = outgoing.request.attempt;
    if (is_success(response->status)) {
      if (response->answered_early)
        co_return foreign_answer(request, *response, "it came before all of the request was sent");
      endpoint_.succeeded(attempt);
      if (body && body->whole()) {
        std::optional<Result<void>> finished = body->try_finish();
        if (!finished) finished = co_await body->finish();
        if (finished->has_error()) co_return finished->error();
      }
      co_return std::move(*response);
    }
    auto text = co_await read_refusal(*response->body, clock_);
    if (!text && text.error().code == ErrorCode::cancelled) co_return text.error();
    Verdict verdict = judge(request, attempt, *response, text ? std::string_view(*text) : "",
                            **credentials, trial);
    const bool asks = verdict.is_wordless && !learnt.contains(EndpointUpdate::credentials);
    const EndpointUpdate update = asks ? EndpointUpdate::credentials : verdict.update;
    if (update == EndpointUpdate::none ||
        (update != EndpointUpdate::aid && !learnt.insert(update).second))
      co_return verdict.error;
    if (update == EndpointUpdate::aid && changes_plan(request, attempt, *trial))
      co_return to_be_planned_again(std::move(verdict.error));
    if (asks) {
      auto others = co_await ask_about(*credentials, verdict.error);
      if (others.has_value()) {
        credentials = others;
        *trial = {};  // nothing was wrong with the request
      } else if (verdict.update != EndpointUpdate::aid ||
                 others.error().code == ErrorCode::unauthenticated) {
        co_return others.error();
      }
    } else if (update == EndpointUpdate::credentials) {
      credentials = co_await other_credentials(*credentials, verdict.error);
    }
    if (!credentials) co_return credentials.error();
    if (body && !body->rewind()) {
      // The next attempt, with a body from its start, will do it otherwise.
      if (update == EndpointUpdate::aid && request.trial)
        co_return to_be_planned_again(std::move(verdict.error));
      verdict.error.code = ErrorCode::unavailable;
      co_return verdict.error;
    }
  }
}

Async<Result<Requester::Answer>> Requester::ask(const Request& request, std::uint64_t size_max) {
  auto response = co_await send(request);
  if (!response) co_return response.error();
  Answer answer;
  answer.response = std::move(*response);
  Body& body = *answer.response.body;
  std::optional<Result<Bytes>> first = body.try_next();
  if (!first) first = co_await body.next();
  if (first->has_error()) co_return first->error().with_context(tried(request));
  const std::string_view piece(reinterpret_cast<const char*>((*first)->data()), (*first)->size());
  if (body.is_at_end() && piece.size() <= size_max) {
    answer.in_place = piece;
    co_return answer;
  }
  TimedBody timed(body, clock_, answer_time_max);
  auto text = co_await read_all(timed, size_max, std::string(piece));
  if (!text) co_return text.error().with_context(tried(request));
  answer.gathered = std::move(*text);
  co_return answer;
}

Async<Result<std::string>> Requester::read_answer(Body& body) {
  TimedBody timed(body, clock_, answer_time_max);
  co_return co_await read_all(timed, answer_size_max);
}

}  // namespace dth::objects::s3
