#include "api/authenticator.h"

#include <algorithm>
#include <new>

#include "base/ascii.h"
#include "control/identity/secrets.h"

namespace dth::api {

using control::SecretKind;
using namespace std::chrono_literals;

namespace {

// The use of a session or token is noted once in so long.
constexpr Duration noted_every = std::chrono::minutes(1);
constexpr int asks_max = 3;

Error unknown_token() {
  return {ErrorCode::unauthenticated,
          "The token is unknown, was revoked, or has expired: make another one.", ""};
}

std::optional<std::string_view> bearer_of(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() < scheme.size() || ascii_lower(header.substr(0, scheme.size())) != scheme)
    return std::nullopt;
  header.remove_prefix(scheme.size());
  while (header.starts_with(' ')) header.remove_prefix(1);
  return header;
}

// The session's secret in the Cookie headers; the first of that name counts.
std::optional<std::string_view> session_of(const net::ServerRequest& request) {
  const std::string_view name = session_cookie_name(request.secure);
  for (const auto& header : request.headers) {
    if (ascii_lower(header.name) != "cookie") continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      std::string_view pair = rest.substr(0, end);
      rest = end == rest.npos ? "" : rest.substr(end + 1);
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
        return pair.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

state::Role effective_role(const state::TokenOfUser& found) {
  const state::Role allowed = role_of(found.token.scope);
  return found.owner ? std::min(allowed, found.owner->role) : allowed;
}

}  // namespace

std::string_view session_cookie_name(bool is_secure) {
  return is_secure ? "__Host-dth_session" : "dth_session";
}

Authenticator::Authenticator(state::ControlState& state, Clock& clock, BlockingExecutor& blocking,
                             FairQueue& queue, AuthenticatorOptions options)
    : state_(state), clock_(clock), blocking_(blocking), queue_(queue), options_(options) {}

Authenticator::Lookup Authenticator::find_session(const std::string& secret_hash,
                                                  const std::string& address, bool is_use) {
  const TimePoint now = clock_.now();
  auto found = state_.identity().find_session(secret_hash, now);
  if (found.has_error()) return found.error();
  if (!*found) return std::optional<Principal>();
  const auto& [session, user] = **found;
  if (is_use && now - session.last_used_at >= noted_every) {
    const TimePoint idle_until =
        std::min<TimePoint>(session.expires_at, now + options_.session_idle_max);
    // A use that cannot be noted does not refuse the request.
    static_cast<void>(state_.identity().touch_session(session.id, now, idle_until, address));
  }
  Principal principal;
  principal.kind = PrincipalKind::user;
  principal.user_id = user.id;
  principal.user_name = user.name;
  principal.session_id = session.id;
  principal.role = user.role;
  principal.address = address;
  return std::optional<Principal>(std::move(principal));
}

Authenticator::Lookup Authenticator::find_token(const std::string& secret_hash,
                                                const std::string& address, bool is_use) {
  const TimePoint now = clock_.now();
  auto found = state_.identity().find_token(secret_hash, now);
  if (found.has_error()) return found.error();
  if (!*found) return std::optional<Principal>();
  const state::ApiToken& token = (*found)->token;
  if (is_use && (!token.last_used_at || now - *token.last_used_at >= noted_every))
    static_cast<void>(state_.identity().touch_token(token.id, now, address));
  Principal principal;
  principal.kind = PrincipalKind::token;
  principal.user_id = token.owner_id;
  principal.user_name = token.owner_name;
  principal.token_id = token.id;
  principal.token_name = token.name;
  principal.role = effective_role(**found);
  principal.scope = token.scope;
  principal.address = address;
  return std::optional<Principal>(std::move(principal));
}

Async<Authenticator::Lookup> Authenticator::look_up(std::string secret_hash, PrincipalKind kind,
                                                    std::string address, std::string client,
                                                    bool is_use) {
  auto place = co_await queue_.enter(std::move(client));
  if (place.has_error()) co_return place.error();
  const auto work = [&]() -> Lookup {
    // Nothing may be thrown on the executor's thread.
    try {
      return kind == PrincipalKind::token ? find_token(secret_hash, address, is_use)
                                          : find_session(secret_hash, address, is_use);
    } catch (const std::bad_alloc&) {
      return Error{ErrorCode::throttled,
                   "the hub has no memory left to find out who asks: try again in a moment", ""};
    }
  };
  co_return co_await run_blocking(blocking_, work);
}

Async<Result<std::shared_ptr<const Principal>>> Authenticator::authenticate(
    const net::ServerRequest& request, bool* from_cookie) {
  const auto authorization = request.headers.find("Authorization");
  std::string_view secret;
  PrincipalKind kind = PrincipalKind::anonymous;
  if (authorization) {
    const auto bearer = bearer_of(*authorization);
    if (!bearer || !control::looks_like(SecretKind::token, *bearer)) co_return unknown_token();
    secret = *bearer;
    kind = PrincipalKind::token;
  } else if (const auto session = session_of(request)) {
    *from_cookie = true;
    if (control::looks_like(SecretKind::session, *session)) {
      secret = *session;
      kind = PrincipalKind::user;
    }
  }
  if (kind == PrincipalKind::anonymous) {
    auto anonymous = std::make_shared<Principal>();
    anonymous->address = request.remote_address;
    anonymous->network = request.client;
    co_return std::shared_ptr<const Principal>(std::move(anonymous));
  }
  const std::string hash = control::hash_of_secret(secret);
  const std::string key = hash + request.remote_address;
  const auto known = known_.find(key);
  if (known != known_.end() &&
      clock_.monotonic_now() - known->second.asked_at < options_.believed_for)
    co_return std::shared_ptr<const Principal>(known->second.principal);
  // What was ended while the state was asked may be in its answer still: it is asked again.
  std::optional<Lookup> answer;
  for (int asked = 0; asked < asks_max; ++asked) {
    const std::uint64_t before = endings_;
    answer = co_await look_up(hash, kind, request.remote_address, request.client, true);
    if (before == endings_) break;
  }
  const Lookup& found = *answer;
  if (found.has_error()) co_return found.error();
  if (!*found) {
    known_.erase(key);
    if (kind == PrincipalKind::token) co_return unknown_token();
    auto anonymous = std::make_shared<Principal>();
    anonymous->address = request.remote_address;
    anonymous->network = request.client;
    co_return std::shared_ptr<const Principal>(std::move(anonymous));
  }
  auto principal = std::make_shared<Principal>(**found);
  principal->network = request.client;
  remember(key, hash, principal);
  co_return std::shared_ptr<const Principal>(std::move(principal));
}

void Authenticator::remember(const std::string& key, const std::string& secret_hash,
                             const std::shared_ptr<Principal>& principal) {
  const MonotonicTime now = clock_.monotonic_now();
  if (known_.size() >= options_.cached_max) {
    std::erase_if(known_, [&](const auto& entry) {
      return now - entry.second.asked_at >= options_.believed_for;
    });
    if (known_.size() >= options_.cached_max) known_.clear();
  }
  known_[key] = {principal, now};
  if (live_.size() >= options_.cached_max)
    std::erase_if(live_, [](const Live& live) { return live.principal.expired(); });
  live_.push_back({principal, secret_hash});
}

template <class Predicate>
void Authenticator::end_where(Predicate predicate) {
  ++endings_;
  for (const Live& live : live_) {
    const auto principal = live.principal.lock();
    if (principal && predicate(*principal)) principal->has_ended = true;
  }
  std::erase_if(known_, [&](const auto& entry) { return predicate(*entry.second.principal); });
}

void Authenticator::end_session(const std::string& id) {
  end_where([&](const Principal& principal) { return principal.session_id == id; });
}

void Authenticator::end_token(const std::string& id) {
  end_where([&](const Principal& principal) { return principal.token_id == id; });
}

void Authenticator::end_user(const std::string& id) {
  end_where([&](const Principal& principal) { return principal.user_id == id; });
}

void Authenticator::end_sessions_of(const std::string& user, const std::string& kept_session) {
  end_where([&](const Principal& principal) {
    return principal.kind == PrincipalKind::user && principal.user_id == user &&
           (kept_session.empty() || principal.session_id != kept_session);
  });
}

Async<void> Authenticator::recheck() {
  for (;;) {
    auto slept = co_await clock_.sleep_for(options_.recheck_interval);
    if (slept.has_error() || is_cancelled(co_await boost::asio::this_coro::cancellation_state))
      co_return;
    try {
      co_await recheck_all();
    } catch (const std::bad_alloc&) {
      // Later there may be memory again.
    }
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
  }
}

Async<void> Authenticator::recheck_all() {
  const MonotonicTime now = clock_.monotonic_now();
  std::erase_if(known_, [&](const auto& entry) {
    return now - entry.second.asked_at >= options_.believed_for;
  });
  std::erase_if(live_, [](const Live& live) { return live.principal.expired(); });
  const std::vector<Live> asked = live_;
  for (const Live& live : asked) {
    const auto principal = live.principal.lock();
    if (!principal || principal->has_ended) continue;
    auto found = co_await look_up(live.secret_hash, principal->kind, principal->address,
                                  std::string(), false);
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
    // A state that cannot be reached ends nobody: what they ask of it fails anyway.
    if (found.has_error()) continue;
    if (*found && (*found)->role == principal->role) continue;
    principal->has_ended = true;
    // What is known of it from before is not believed any more, from whatever address.
    std::erase_if(known_,
                  [&](const auto& entry) { return entry.first.starts_with(live.secret_hash); });
  }
}

}  // namespace dth::api
