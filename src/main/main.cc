// The composition root: puts the stores, the plugins and the commands together.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>

#include <fcntl.h>
#include <sys/resource.h>

#include "cli/app.h"
#include "credentials/process_environment.h"
#include "main/builtins.h"
#include "plugins/object_copy/plugin.h"

namespace {

// Each transfer holds two connections, and a far store wants a thousand transfers at once. Where it
// cannot be raised, the errors say what to do.
void allow_open_files() {
  constexpr rlim_t wanted = 65'536;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// A file opened where standard output was closed would get its number, and what is printed. What is
// opened here instead cannot be written: printing stays an error.
void occupy_standard_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) (void)!::open("/dev/null", O_RDONLY);
  }
}

// A file that grows over the limit of this process (ulimit -f) is then an error of the one write,
// as the errors say, and not the end of the process.
void survive_file_size_limit() { std::signal(SIGXFSZ, SIG_IGN); }

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  allow_open_files();
  survive_file_size_limit();
  try {
    const auto environment = dth::credentials::process_environment();
    dth::control::HubCredentials secrets(environment);
    const auto resolver =
        dth::credentials::make_credential_resolver(environment, secrets, &secrets);
    auto opener = dth::make_builtin_opener(*resolver);
    auto object_copy = dth::object_copy::make_object_copy_plugin(
        *opener, dth::credentials::temporary_directory(environment));
    return dth::cli::run(argc, argv, *object_copy, *opener, secrets);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "dth: a bug, please report it: %s\n", problem.what());
    return 1;
  }
}
