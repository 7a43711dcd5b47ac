#include <algorithm>
#include <cctype>

#include "cli/reference.h"

namespace dth::cli {
namespace {

// Text for roff: what it would take for a request or an escape is shown as it is.
std::string roff(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool line_begins = i == 0 || text[i - 1] == '\n';
    if (line_begins && (text[i] == '.' || text[i] == '\'')) out += "\\&";
    switch (text[i]) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '~':
        out += "\\(ti";
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + roff(text) + "\\fR"; }

std::string sentence(std::string text) {
  if (text.empty()) return text;
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text.ends_with('.') ? text : text + ".";
}

std::string section(const std::string& name) { return ".SH " + name + "\n"; }
std::string entry(const std::string& tag, const std::string& text) {
  return ".TP\n" + tag + "\n" + roff(text) + "\n";
}

std::string synopsis(const ReferenceCommand& command) {
  std::string text = bold(command.joined_path(' '));
  if (command.is_group() && !command.is_runnable) return text + " " + italic("COMMAND") + " ...\n";
  text += " [" + italic("OPTIONS") + "]";
  for (const ReferenceOption& option : command.options) {
    if (!option.positional) continue;
    text += option.required ? " " + italic(option.names.front())
                            : " [" + italic(option.names.front()) + "]";
  }
  return text + "\n";
}

std::string option_entry(const ReferenceOption& option) {
  std::string tag;
  for (const std::string& name : option.names)
    tag += (tag.empty() ? "" : ", ") + (option.positional ? italic(name) : bold(name));
  if (!option.positional && !option.placeholder.empty()) tag += " " + italic(option.placeholder);
  return entry(tag, sentence(option.help));
}

std::string options(const ReferenceCommand& command) {
  std::string text = section("OPTIONS");
  for (const ReferenceOption& option : command.options) {
    if (option.positional) text += option_entry(option);
  }
  std::vector<std::string> groups;
  for (const ReferenceOption& option : command.options) {
    if (!option.positional && std::find(groups.begin(), groups.end(), option.group) == groups.end())
      groups.push_back(option.group);
  }
  for (const std::string& group : groups) {
    if (groups.size() > 1) text += ".SS " + roff(sentence(group).substr(0, group.size())) + "\n";
    for (const ReferenceOption& option : command.options) {
      if (!option.positional && option.group == group) text += option_entry(option);
    }
  }
  return text;
}

bool executes_runs(const ReferenceCommand& command) {
  return std::any_of(
      command.options.begin(), command.options.end(),
      [](const ReferenceOption& option) { return option.names.front() == "--lanes"; });
}

std::string exit_status(const ReferenceCommand& command) {
  std::string text = section("EXIT STATUS");
  if (executes_runs(command)) {
    return text +
           entry("0",
                 "Everything selected is at the destination and verified, or was there already, or "
                 "is gone from the source.") +
           entry("1", "It could not run, or the run ended as failed: the message says why.") +
           entry("2",
                 "The command was wrong: an option, a location, other options than the unfinished "
                 "run has.") +
           entry("3",
                 "A store could not be reached for longer than --unreachable-timeout: the run "
                 "stopped and can be resumed.") +
           entry("5", "The run is over, but some items failed or could not be verified.") +
           entry("130", "Interrupted: the run can be resumed.");
  }
  return text + entry("0", "Success.") +
         entry("1",
               "It could not be done, or what was checked is not good: the message says what.") +
         entry("2", "The command was wrong.");
}

std::string environment(const ReferenceCommand& command) {
  std::string text = section("ENVIRONMENT");
  if (executes_runs(command)) {
    text += entry(bold("DTH_SOURCE_ACCESS_KEY_ID") + ", " + bold("DTH_SOURCE_SECRET_ACCESS_KEY") +
                      ", " + bold("DTH_SOURCE_SESSION_TOKEN"),
                  "The keys to the source. Without them they come from AWS's environment variables "
                  "and profiles.") +
            entry(bold("DTH_DESTINATION_ACCESS_KEY_ID") + ", " +
                      bold("DTH_DESTINATION_SECRET_ACCESS_KEY") + ", " +
                      bold("DTH_DESTINATION_SESSION_TOKEN"),
                  "The same for the destination.");
  }
  return text +
         entry(bold("XDG_STATE_HOME"),
               "Where the program keeps its own files, in the directory dth [~/.local/state].");
}

std::string files() {
  return section("FILES") +
         entry(italic("$XDG_STATE_HOME/dth/state.db"),
               "The state of all runs, unless --database or DTH_DATABASE names another one.") +
         entry(italic("STATE.ledger/RUN/"),
               "The ledger of a run: what became of each item, and a signed manifest.") +
         entry(italic("$XDG_STATE_HOME/dth/signing.key"),
               "The private key that ledgers are signed with. Whoever can read it can forge "
               "ledgers.");
}

std::string examples(const ReferenceCommand& command) {
  struct Example {
    const char* path;
    const char* line;
    const char* help;
  };
  static constexpr Example all[] = {
      {"dth copy", "dth copy s3://photos/2026/ s3://backup/photos/2026/ --source-profile home",
       "Copies what is missing or changed. The same command, given again after an interruption, "
       "resumes."},
      {"dth copy", "dth copy s3://photos s3://backup --dry-run", "Says what would be copied."},
      {"dth run", "dth run list", "Shows the runs that there are."},
      {"dth run list", "dth run list --output json",
       "Shows the runs that there are, for a program."},
      {"dth run show", "dth run show latest", "Shows the newest run, also while it runs."},
      {"dth run failures", "dth run failures latest --output csv",
       "Lists what the newest run could not copy."},
      {"dth run set", "dth run set latest --weight 10",
       "Gives the newest run ten times the share."},
      {"dth run resume", "dth run resume", "Goes on with the run that is unfinished."},
      {"dth run retry", "dth run retry latest --key photos/1.jpg", "Tries one failed item again."},
      {"dth serve", "dth serve --data-dir /srv/dth --listen 127.0.0.1:8080",
       "Serves the runs of /srv/dth/state.db to this machine."},
      {"dth serve", "dth serve --listen 0.0.0.0:8443 --tls-certificate hub.pem --tls-key hub.key",
       "Serves them to others, over TLS."},
      {"dth config check", "dth config check --config hub.yaml",
       "Tells what is wrong with a configuration, or what is in effect."},
      {"dth ledger", "dth ledger verify DIRECTORY", "Checks that a ledger is whole and unaltered."},
      {"dth ledger show", "dth ledger show DIRECTORY --outcome failed",
       "Prints what failed, a line of JSON each."},
      {"dth ledger export", "dth ledger export DIRECTORY --format csv -o run.csv",
       "Writes the ledger as a table."},
      {"dth ledger verify", "dth ledger verify DIRECTORY --public-key signer.pem",
       "Checks that a ledger is unaltered and was signed by whom it should be."},
      {"dth key show", "dth key show --pem > signer.pem",
       "Writes the public key to a file, for others to check ledgers with."},
      {"dth completion bash",
       "dth completion bash > ~/.local/share/bash-completion/completions/dth",
       "Makes bash complete dth's commands."},
  };
  const std::string path = command.joined_path(' ');
  std::string text;
  for (const Example& example : all) {
    const bool beneath = command.is_group() && std::string(example.path).starts_with(path + " ");
    if (path == example.path || beneath) text += entry(bold(example.line), example.help);
  }
  if (text.empty()) text = entry(bold(path + " --help"), "Says what it takes.");
  return section("EXAMPLES") + text;
}

}  // namespace

std::string man_page(const ReferenceCommand& root, const ReferenceCommand& command) {
  std::string text =
      ".TH \"" + roff(command.joined_path('-')) + "\" 1 \"\" \"dth\" \"Data Transfer Hub\"\n";
  text += section("NAME") + roff(command.joined_path('-')) + " \\- " + roff(command.help) + "\n";
  text += section("SYNOPSIS") + synopsis(command);
  text += section("DESCRIPTION") + roff(sentence(command.help)) + "\n";
  if (command.is_group()) {
    text += "Its commands, each with a page of its own:\n";
    for (const ReferenceCommand& child : command.commands)
      text += entry(bold(child.joined_path(' ')), sentence(child.help));
  }
  text +=
      options(command) + exit_status(command) + environment(command) + files() + examples(command);
  std::string others;
  for (const ReferenceCommand* other : all_commands(root)) {
    const bool related =
        other != &command &&
        (other->path.size() == 1 || (other->path.size() == 2 && command.path.size() == 1) ||
         (command.path.size() > 1 && other->path.size() > 1 && other->path[1] == command.path[1]));
    if (related)
      others += (others.empty() ? "" : ",\n") + std::string(".BR ") +
                roff(other->joined_path('-')) + " (1)";
  }
  return text + section("SEE ALSO") + others + "\n";
}

}  // namespace dth::cli
