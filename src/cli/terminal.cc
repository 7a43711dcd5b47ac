#include "cli/terminal.h"

#include <csignal>
#include <cstdio>

#include <termios.h>
#include <unistd.h>

namespace dth::cli {
namespace {

constexpr std::size_t line_bytes_max = 64 * 1024;

// While it lives, the terminal does not show what is typed. Signals wait until it shows it again.
class HiddenInput {
 public:
  HiddenInput() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    ::sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &signals_);
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden.c_lflag |= ECHONL;
    is_hidden_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    // Ctrl-C is to end the program; the terminal is put right by the handler below.
    shown_again = before_;
    ::signal(SIGINT, &restore_and_end);
    ::signal(SIGTERM, &restore_and_end);
    ::pthread_sigmask(SIG_SETMASK, &signals_, nullptr);
  }
  ~HiddenInput() {
    if (!is_hidden_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  static void restore_and_end(int signal) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_again);
    ::_exit(128 + signal);
  }
  static inline termios shown_again = {};
  termios before_ = {};
  ::sigset_t signals_ = {};
  bool is_hidden_ = false;
};

// Byte by byte, so that what follows the line is left for the next question.
Result<std::string> read_line(const std::string& what) {
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got == 1 && c != '\n' && line.size() < line_bytes_max) {
      line += c;
      continue;
    }
    if (got <= 0 && line.empty())
      return Error{ErrorCode::invalid_argument, "standard input ended before " + what, ""};
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
  }
}

}  // namespace

Result<std::string> ask(const std::string& question, Echo echo) {
  const bool is_terminal = ::isatty(STDIN_FILENO) == 1;
  if (is_terminal) {
    std::fprintf(stderr, "%s: ", question.c_str());
    std::fflush(stderr);
  }
  if (!is_terminal || echo == Echo::shown) return read_line("the answer to \"" + question + "\"");
  const HiddenInput hidden;
  return read_line("the answer to \"" + question + "\"");
}

Result<std::string> line_of_input(const std::string& what) { return read_line(what); }

Result<std::string> ask_new_password() {
  auto password = ask("New password (at least 12 characters)", Echo::secret);
  if (password.has_error() || ::isatty(STDIN_FILENO) != 1) return password;
  auto again = ask("The same again", Echo::secret);
  if (again.has_error()) return again;
  if (*password == *again) return password;
  return Error{ErrorCode::invalid_argument, "the two passwords differ: try again", ""};
}

}  // namespace dth::cli
