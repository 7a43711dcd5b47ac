#include "cloud/aws/credential_process.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/blocking.h"
#include "base/encoding.h"
#include "cloud/aws/credential_json.h"

namespace dth::aws {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t output_size_max = 64 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

Error failed(const std::string& program, std::string_view what) {
  return Error{
      ErrorCode::invalid_argument,
      "the credential_process '" + printable(program.substr(0, 200)) + "' " + std::string(what),
      ""};
}

// For system calls; refers to `texts`.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Starts the program with `output` as its standard output. The error number of the system, or 0.
int start(const std::vector<std::string>& words, const Environment& environment, int output,
          pid_t* process) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const std::vector<char*> arguments = pointers_to(words), settings = pointers_to(variables);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(
      &actions, STDERR_FILENO + 1);  // connections and databases are not its business
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, ordinary;
  sigemptyset(&none);
  sigemptyset(&ordinary);
  for (int number : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD}) sigaddset(&ordinary, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &ordinary);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int failure =
      posix_spawnp(process, arguments[0], &actions, &attributes, arguments.data(), settings.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

// False: the deadline came before anything could be read.
bool wait_until_readable(int descriptor, SteadyTime deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waited{descriptor, POLLIN, 0};
    if (::poll(&waited, 1, static_cast<int>(left.count())) > 0) return true;
  }
}

// What comes until the end; what is wrong with it otherwise.
std::string_view read_to_end(int descriptor, SteadyTime deadline, std::string* text) {
  for (;;) {
    if (!wait_until_readable(descriptor, deadline)) return "did not end in time";
    char bytes[4096];
    const ssize_t size = ::read(descriptor, bytes, sizeof bytes);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return "cannot be read from";
    if (size == 0) return "";
    text->append(bytes, static_cast<std::size_t>(size));
    if (text->size() > output_size_max) return "printed more than 64 KiB";
  }
}

// Blocks until the program has ended, one way or another.
Result<std::string> run(std::vector<std::string> words, const Environment& environment,
                        std::chrono::milliseconds patience) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return failed(words[0], "was not started: " + std::generic_category().message(errno));
  Descriptor reader(ends[0]), writer(ends[1]);
  pid_t process = 0;
  if (const int failure = start(words, environment, writer.number(), &process); failure != 0) {
    return failed(words[0], "was not started: " + std::generic_category().message(failure));
  }
  writer.close();
  const SteadyTime deadline = std::chrono::steady_clock::now() + patience;
  std::string text;
  std::string_view problem = read_to_end(reader.number(), deadline, &text);
  if (problem.empty()) {
    const Descriptor end(static_cast<int>(
        ::syscall(SYS_pidfd_open, process, 0)));  // can be read once the process is over
    if (end.number() < 0 || !wait_until_readable(end.number(), deadline))
      problem = "did not end in time";
  }
  if (!problem.empty()) ::kill(process, SIGKILL);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (!problem.empty())
    return failed(words[0], std::string(problem) + "; run it by hand to see what it does");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  const std::string how =
      WIFEXITED(status) ? "with status " + std::to_string(WEXITSTATUS(status)) : "by a signal";
  return failed(words[0], "ended " + how + "; what it said is on standard error");
}

class ProcessSource final : public CredentialSource {
 public:
  ProcessSource(std::string command, Environment environment, Clock& clock,
                std::chrono::milliseconds patience)
      : command_(std::move(command)),
        environment_(std::move(environment)),
        clock_(clock),
        patience_(patience) {}

  Async<Result<Fetched>> fetch() override {
    const auto words = split_words(command_);
    if (!words || words->empty()) {
      co_return Error{ErrorCode::invalid_argument,
                      "the credential_process is no command: a quote is not closed, or it is empty",
                      ""};
    }
    BlockingPool pool(1);  // the program may ask a person for a code: other work goes on meanwhile
    auto text = co_await run_blocking(
        pool, [this, &words] { return run(*words, environment_, patience_); });
    if (text.has_error()) co_return text.error();
    co_return parse_credential_json(
        *text, CredentialDialect::process, clock_.now(),
        "what the credential_process '" + printable(words->front().substr(0, 200)) + "' prints");
  }

 private:
  std::string command_;
  Environment environment_;
  Clock& clock_;
  std::chrono::milliseconds patience_;
};

}  // namespace

std::shared_ptr<CredentialSource> make_process_source(std::string command, Environment environment,
                                                      Clock& clock,
                                                      std::chrono::milliseconds patience) {
  return std::make_shared<ProcessSource>(std::move(command), std::move(environment), clock,
                                         patience);
}

std::optional<std::vector<std::string>> split_words(std::string_view command) {
  std::vector<std::string> words;
  char quote = 0;
  bool in_word = false;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (!quote && (c == ' ' || c == '\t')) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    // Within double quotes a backslash stands for itself, but before a quote or another one.
    const bool escapes = c == '\\' && i + 1 < command.size() && quote != '\'' &&
                         (!quote || command[i + 1] == '"' || command[i + 1] == '\\');
    if (escapes) {
      words.back() += command[++i];
    } else if (quote ? c == quote : (c == '"' || c == '\'')) {
      quote = quote ? 0 : c;
    } else {
      words.back() += c;
    }
  }
  if (quote) return std::nullopt;
  return words;
}

}  // namespace dth::aws
