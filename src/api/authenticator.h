#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/fair_queue.h"
#include "api/principal.h"
#include "base/async.h"
#include "base/blocking.h"
#include "net/server/http_server.h"
#include "state/control/control_state.h"

namespace dth::api {

struct AuthenticatorOptions {
  // How long what the state said is believed; another process's revocations are seen after this at
  // the latest, this one's at once.
  std::chrono::milliseconds believed_for{2000};
  std::chrono::milliseconds recheck_interval{5000};  // of those that a WebSocket or stream uses
  std::chrono::seconds session_idle_max = std::chrono::hours(12);
  std::size_t cached_max = 10'000;
};

// The name of the cookie that holds a session's secret.
std::string_view session_cookie_name(bool is_secure);

// Finds out who sends a request, by the token in Authorization or the session in the cookie. For
// one executor's thread; the state is asked off it, one turn after another for each address.
class Authenticator {
 public:
  // All must outlive this.
  Authenticator(state::ControlState& state, Clock& clock, BlockingExecutor& blocking,
                FairQueue& queue, AuthenticatorOptions options = {});

  // Anonymous where the request bears no secret, or the cookie of a session that is over.
  // unauthenticated: the Authorization header is not that of a token; other errors are those of
  // State. `from_cookie` is set where the cookie was what counted.
  Async<Result<std::shared_ptr<const Principal>>> authenticate(const net::ServerRequest& request,
                                                               bool* from_cookie);

  // They end at once, for this process.
  void end_session(const std::string& id);
  void end_token(const std::string& id);
  void end_user(const std::string& id);  // sessions and tokens
  void end_sessions_of(const std::string& user, const std::string& kept_session = "");

  // Until cancelled: asks the state again about those that are in use for longer.
  Async<void> recheck();

 private:
  Async<void> recheck_all();
  struct Known {
    std::shared_ptr<Principal> principal;
    MonotonicTime asked_at{};
  };
  struct Live {
    std::weak_ptr<Principal> principal;
    std::string secret_hash;
  };
  using Lookup = Result<std::optional<Principal>>;

  Async<Lookup> look_up(std::string secret_hash, PrincipalKind kind, std::string address,
                        std::string client, bool is_use);
  Lookup find_session(const std::string& secret_hash, const std::string& address, bool is_use);
  Lookup find_token(const std::string& secret_hash, const std::string& address, bool is_use);
  void remember(const std::string& key, const std::string& secret_hash,
                const std::shared_ptr<Principal>& principal);
  template <class Predicate>
  void end_where(Predicate predicate);

  state::ControlState& state_;
  Clock& clock_;
  BlockingExecutor& blocking_;
  FairQueue& queue_;
  AuthenticatorOptions options_;
  std::map<std::string, Known> known_;  // by the secret's hash and the address
  std::vector<Live> live_;
  std::uint64_t endings_ = 0;
};

}  // namespace dth::api
