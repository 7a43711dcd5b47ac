#include "cli/admin_command.h"

#include <charconv>

#include "cli/exit_code.h"
#include "cli/hub_settings.h"
#include "cli/hub_state.h"
#include "cli/terminal.h"
#include "control/identity/accounts.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

// Accounts on the state of a hub, which may run or not.
class HostAccounts {
 public:
  static Result<std::unique_ptr<HostAccounts>> open(const HubFlags& flags, bool creates) {
    const config::Resolution resolution = resolve_settings(flags);
    if (!resolution.problems.empty()) {
      return Error{ErrorCode::invalid_argument, resolution.problems.front().to_string(), ""};
    }
    if (creates && resolution.settings.database.empty()) {
      auto made = make_data_directory(resolution.settings.data_dir);
      if (made.has_error()) return made.error();
    }
    auto place = hub_state_place(resolution.settings);
    if (place.has_error()) return place.error();
    if (!creates) {
      const auto existing = place->open(StatePlace::Access::read);
      if (existing.has_error() && existing.error().code == ErrorCode::not_found) {
        return Error{ErrorCode::not_found,
                     "there is no hub's state in " + place->to_string() +
                         ": check --data-dir, --database and --config. \"dth admin create-user "
                         "--create\" and \"dth admin token create --create\" begin a new one",
                     ""};
      }
    }
    auto state = open_hub_state(*place);
    if (state.has_error()) return state.error();
    return std::make_unique<HostAccounts>(std::move(*state));
  }
  explicit HostAccounts(std::unique_ptr<state::State> state)
      : state_(std::move(state)), accounts_(state_->control(), clock_, hasher_, throttle_) {}

  control::Accounts& operator*() { return accounts_; }
  control::Accounts* operator->() { return &accounts_; }

  static state::AuditEntry audit(std::string action) {
    state::AuditEntry entry;
    entry.actor_kind = state::ActorKind::host;
    entry.actor_name = "dth admin";
    entry.action = std::move(action);
    return entry;
  }

 private:
  std::unique_ptr<state::State> state_;
  SystemClock clock_;
  control::PasswordHasher hasher_;
  control::SignInThrottle throttle_;
  control::Accounts accounts_;
};

int print_faults(const std::vector<control::Fault>& faults) {
  for (const control::Fault& fault : faults) {
    const std::string where = fault.field.empty() ? "" : fault.field + ": ";
    std::fprintf(stderr, "dth: %s%s\n", where.c_str(), fault.message.c_str());
  }
  return exit_usage;
}

template <class T>
int finish(const Result<control::Outcome<T>>& done, const std::string& text) {
  if (done.has_error()) return print_error(done.error());
  if (!done->value) return print_faults(done->faults);
  put(text);
  return 0;
}

Result<std::optional<std::int64_t>> parse_days(const std::string& text) {
  if (text.empty()) return std::optional<std::int64_t>(control::token_days_default);
  if (text == "never") return std::optional<std::int64_t>();
  std::int64_t days = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), days);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size())
    return std::optional<std::int64_t>(days);
  return Error{ErrorCode::invalid_argument,
               "invalid value \"" + text + "\" for --expires-days: expected a number, or never",
               ""};
}

state::TokenScope scope_of(state::Role role) {
  switch (role) {
    case state::Role::admin:
      return state::TokenScope::admin;
    case state::Role::operator_:
      return state::TokenScope::operate;
    default:
      return state::TokenScope::read;
  }
}

}  // namespace

int admin_create_user(const HubFlags& hub, const AdminUserFlags& flags) {
  auto accounts = HostAccounts::open(hub, flags.creates);
  if (accounts.has_error()) return print_error(accounts.error());
  auto password = ask_new_password();
  if (password.has_error()) return print_error(password.error());
  control::UserInput input;
  input.name = flags.name.empty() ? flags.email.substr(0, flags.email.find('@')) : flags.name;
  input.email = flags.email;
  input.role = state::parse_role(flags.role).value_or(state::Role::viewer);
  const auto done = (**accounts)
                        ->create_user_with_password(std::move(input), std::move(*password),
                                                    HostAccounts::audit("createUser"));
  return finish(done, "Created " + flags.email + ", " + flags.role + ".\n");
}

int admin_reset_password(const HubFlags& hub, const std::string& email) {
  auto accounts = HostAccounts::open(hub, false);
  if (accounts.has_error()) return print_error(accounts.error());
  auto password = ask_new_password();
  if (password.has_error()) return print_error(password.error());
  const auto done =
      (**accounts)->set_password(email, std::move(*password), HostAccounts::audit("resetPassword"));
  return finish(done, "The password of " + email + " was changed, and its sessions have ended.\n");
}

int admin_create_token(const HubFlags& hub, const AdminTokenFlags& flags) {
  const auto days = parse_days(flags.days);
  if (days.has_error()) return print_error(days.error());
  auto accounts = HostAccounts::open(hub, flags.creates);
  if (accounts.has_error()) return print_error(accounts.error());
  control::TokenInput input;
  input.name = flags.name;
  input.scope = scope_of(state::parse_role(flags.role).value_or(state::Role::viewer));
  input.owner_role = state::Role::admin;
  input.days = *days;
  const auto done =
      (**accounts)->create_token(std::move(input), HostAccounts::audit("createApiToken"));
  return finish(done, done.has_value() && done->value ? done->value->secret + "\n" : "");
}

}  // namespace dth::cli
