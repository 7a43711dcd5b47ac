#include "api/idempotency.h"

#include <algorithm>

#include "api/connection.h"
#include "api/resolvers.h"
#include "api/user_errors.h"
#include "base/hash.h"
#include "base/json_writer.h"

namespace dth::api {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

namespace {

using Kind = state::IdempotencyClaim::Kind;

// The same text for the same input, in whatever order its members were sent.
void append_canonical(const json::value& value, std::string* text) {
  if (const auto* object = value.if_object()) {
    std::vector<std::string> names;
    for (const auto& member : *object) names.emplace_back(member.key());
    std::sort(names.begin(), names.end());
    *text += '{';
    for (const std::string& name : names) {
      *text += write_json(json::string(name)) + ":";
      append_canonical(object->at(name), text);
      *text += ',';
    }
    *text += '}';
  } else if (const auto* array = value.if_array()) {
    *text += '[';
    for (const json::value& item : *array) {
      append_canonical(item, text);
      *text += ',';
    }
    *text += ']';
  } else {
    *text += write_json(value);
  }
}

std::string hash_of(json::object input) {
  input.erase("idempotencyKey");
  std::string text;
  append_canonical(input, &text);
  return hash(HashAlgorithm::sha256, as_bytes(text)).hex();
}

std::optional<std::string> key_of(const ResolveInfo& info) {
  const auto* key = object_argument(info.arguments, "input").if_contains("idempotencyKey");
  if (key == nullptr || !key->is_string()) return std::nullopt;
  return std::string(key->get_string());
}

Resolved refused_key(UserErrorCode code, std::string message) {
  return refused(UserError{code, std::move(message), {"input", "idempotencyKey"}});
}

}  // namespace

Async<Result<Resolved>> Idempotency::once(ResolveInfo info, Work work, Replay replay) {
  const auto key = key_of(info);
  if (!key) {
    auto done = co_await work();
    if (done.has_error()) co_return done.error();
    co_return done->payload;
  }
  if (key->empty() || key->size() > state::idempotency_key_bytes_max) {
    co_return refused_key(UserErrorCode::invalid, "idempotencyKey has to have 1 to 255 bytes.");
  }
  const std::string client = client_of(info);
  state::IdempotentCall call{.principal = client,
                             .operation = info.field.name,
                             .key = *key,
                             .input_hash = hash_of(object_argument(info.arguments, "input"))};
  const TimePoint now = clock_.now();
  const auto begin = [&](state::State& state) {
    return state.control().idempotency().begin(call, now);
  };
  auto claim = co_await state_.read(client, begin);
  if (claim.has_error()) co_return claim.error();
  switch (claim->kind) {
    case Kind::reused:
      co_return refused_key(UserErrorCode::idempotency_key_reused,
                            "This idempotency key was used with another input within the last day. "
                            "Use a new key for a new request.");
    case Kind::in_progress:
      co_return refused_key(UserErrorCode::idempotency_key_in_progress,
                            "The first request with this idempotency key has not finished. Send "
                            "the same request again in a moment.");
    case Kind::answered: {
      auto replayed = co_await replay(std::move(claim->answer));
      co_return replayed;
    }
    case Kind::mine:
      break;
  }
  auto done = co_await work();
  // Where nobody knows whether it was done, the key is refused for a while: a second time would be
  // worse.
  const bool is_unknown = done.has_error() && done.error().reason == ErrorReason::answer_lost;
  std::string answer = done.has_value() ? done->answer : std::string();
  if (!is_unknown) co_await settle(std::move(call), std::move(answer));
  if (done.has_error()) co_return done.error();
  co_return done->payload;
}

// Also of a client that has left. Where the state stays away, the key is refused for a while, and
// then forgotten.
Async<void> Idempotency::settle(state::IdempotentCall call, std::string answer) {
  constexpr int attempts_max = 3;
  constexpr std::chrono::milliseconds pause{200};
  const auto write = [&](state::State& state) {
    auto& keys = state.control().idempotency();
    return answer.empty() ? keys.abandon(call) : keys.finish(call, answer);
  };
  for (int attempt = 1;; ++attempt) {
    auto settled = co_await state_.read_at_once(write);
    if (settled.has_value() || attempt == attempts_max) co_return;
    (void)co_await clock_.sleep_for(pause);
  }
}

}  // namespace dth::api
