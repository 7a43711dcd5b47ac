#include "cli/hub_state.h"

#include <sys/stat.h>
#include <unistd.h>

namespace dth::cli {
namespace fs = std::filesystem;

Result<void> make_data_directory(const fs::path& directory) {
  const mode_t before = ::umask(077);
  std::error_code failure;
  fs::create_directories(directory, failure);
  ::umask(before);
  if (failure) {
    return Error{ErrorCode::permission_denied,
                 "the data directory " + directory.string() +
                     " cannot be made; give another one with --data-dir",
                 failure.message()};
  }
  if (::access(directory.c_str(), W_OK | X_OK) != 0) {
    return Error{ErrorCode::permission_denied,
                 "the data directory " + directory.string() +
                     " cannot be written to; change who may, or give another one with --data-dir",
                 ""};
  }
  return Result<void>();
}

Result<StatePlace> hub_state_place(const config::HubSettings& settings) {
  if (settings.database.empty())
    return StatePlace::of_file(fs::path(settings.data_dir) / "state.db");
  DatabaseFlags flags;
  flags.database = settings.database;
  flags.password_file = settings.database_password_file;
  return find_state(flags);
}

Result<std::unique_ptr<state::State>> open_hub_state(const StatePlace& place) {
  auto opened = place.open(StatePlace::Access::work);
  if (opened.has_value() || opened.error().code != ErrorCode::already_exists) return opened;
  return place.open(StatePlace::Access::work);  // somebody else made it at the same moment
}

}  // namespace dth::cli
