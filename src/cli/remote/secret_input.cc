#include "cli/remote/secret_input.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "base/encoding.h"
#include "cli/terminal.h"

namespace dth::cli {
namespace {

constexpr std::size_t secret_bytes_max = 64 * 1024;

}  // namespace

Result<std::string> read_input(const std::string& source, std::size_t bytes_max) {
  const bool is_input = source == "-";
  const std::string name = is_input ? "standard input" : printable(source);
  const int file = is_input ? STDIN_FILENO : ::open(source.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return Error{ErrorCode::invalid_argument, name + ": cannot be read: " + std::strerror(errno),
                 ""};
  std::string text(bytes_max + 1, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < text.size() && (got = ::read(file, text.data() + size, text.size() - size)) > 0)
    size += static_cast<std::size_t>(got);
  const int failure = got < 0 ? errno : 0;
  if (!is_input) ::close(file);
  if (failure != 0)
    return Error{ErrorCode::invalid_argument, name + ": cannot be read: " + std::strerror(failure),
                 ""};
  if (size > bytes_max) {
    return Error{ErrorCode::invalid_argument,
                 name + ": longer than " + std::to_string(bytes_max) + " bytes", ""};
  }
  text.resize(size);
  return text;
}

Result<std::string> read_secret(const std::string& what, const std::string& source) {
  auto secret = source == "-" ? ask(what, Echo::secret) : read_input(source, secret_bytes_max);
  if (secret.has_error()) return secret;
  while (secret->ends_with('\n') || secret->ends_with('\r')) secret->pop_back();
  if (secret->empty()) {
    return Error{
        ErrorCode::invalid_argument,
        what + ": nothing was given" + (source == "-" ? std::string() : " in " + printable(source)),
        ""};
  }
  return secret;
}

}  // namespace dth::cli
