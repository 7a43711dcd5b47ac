#include "cli/words.h"

#include <algorithm>

#include "base/suggestions.h"
#include "cli/command.h"

namespace dth::cli {
namespace {

constexpr std::size_t suggestions_max = 2;

// Before a message: "run list: ", nothing of the program itself.
std::string where(const Command& command) {
  return command.is_root() ? ""
                           : command.joined_path().substr(command.path.front().size() + 1) + ": ";
}

Error usage(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

// "a, b or c"
std::string listed(const std::vector<std::string>& names, const std::string& last = " or ") {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : &name == &names.back() ? last : ", ") + name;
  return text;
}

std::vector<std::string> command_names(const Command& command) {
  std::vector<std::string> names;
  for (const Command& child : command.commands) {
    if (!child.is_hidden) names.push_back(child.name());
  }
  return names;
}

// Commands anywhere below `command` whose last word is `name`, as they are typed.
void find_elsewhere(const Command& command, const std::string& name,
                    std::vector<std::string>* found) {
  for (const Command& child : command.commands) {
    if (child.name() == name) found->push_back(child.joined_path());
    find_elsewhere(child, name, found);
  }
}

Error unknown_command(const Command& command, const std::string& word) {
  std::string text = where(command) + "there is no command \"" + word + "\".";
  std::string near = did_you_mean(word, command_names(command));
  if (std::vector<std::string> elsewhere; near.empty()) {
    find_elsewhere(command, word, &elsewhere);
    if (!elsewhere.empty()) near = " Did you mean \"" + elsewhere.front() + "\"?";
  }
  return usage(text +
               (near.empty() ? " The commands are " + listed(command_names(command)) + "." : near));
}

// Commands of which this is an option, as they are typed.
void find_owners(const Command& command, const std::string& option,
                 std::vector<std::string>* found) {
  if (command.find_option(option)) found->push_back(command.joined_path());
  for (const Command& child : command.commands) find_owners(child, option, found);
}

Error unknown_option(const Command& program, const Command& command, const std::string& name) {
  const std::string text = where(command) + "there is no option " + name + ".";
  std::vector<std::string> known, owners;
  find_owners(program, name, &owners);
  if (!owners.empty()) return usage(text + " It belongs to " + listed(owners) + ".");
  if (name.size() == 2) return usage(text);  // any letter is close to any other
  for (const CommandOption& option : command.options) {
    if (!option.is_place()) known.push_back(option.names.front());
  }
  return usage(text + did_you_mean(name, known));
}

class Reader {
 public:
  Reader(const Command& program, const std::vector<std::string>& typed)
      : program_(program), command_(&program), typed_(typed) {}

  Result<std::vector<std::string>> read() {
    for (; at_ < typed_.size(); ++at_) {
      const std::string& word = typed_[at_];
      if (word == "--") break;
      Result<void> taken;
      if (word.size() > 2 && word.starts_with("--")) {
        taken = take_long(word);
      } else if (word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9')) {
        taken = take_short(word);
      } else {
        taken = take_plain(word);
      }
      if (taken.has_error()) return taken.error();
    }
    words_.insert(words_.end(),
                  typed_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, typed_.size())),
                  typed_.end());
    if (!command_->commands.empty() && !command_->run && !asks_for_help_) {
      return usage(where(*command_) + "which command? It takes " +
                   listed(command_names(*command_)) + ".");
    }
    return std::move(words_);
  }

  const Command& command() const { return *command_; }

 private:
  Result<void> take_long(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const CommandOption* option = command_->find_option(name);
    if (!option) return unknown_option(program_, *command_, name);
    has_options_ = true;
    if (!option->takes_value()) {
      note(name);
      words_.push_back(word);
      return {};
    }
    return equals == word.npos ? take_next_for(name) : take_value(name, word.substr(equals + 1));
  }

  // "-q", "-o json", "-ojson", "-qo json".
  Result<void> take_short(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name = {'-', word[i]};
      const CommandOption* option = command_->find_option(name);
      if (!option) return unknown_option(program_, *command_, name);
      has_options_ = true;
      if (option->takes_value()) {
        return i + 1 == word.size() ? take_next_for(name) : take_value(name, word.substr(i + 1));
      }
      note(name);
      words_.push_back(name);
    }
    return {};
  }

  Result<void> take_next_for(const std::string& name) {
    if (at_ + 1 == typed_.size()) return usage(where(*command_) + name + " lacks its value.");
    return take_value(name, typed_[++at_]);
  }

  // An unset variable of a script is an empty value. What it would mean, everything or the default,
  // is nothing to guess.
  Result<void> take_value(const std::string& name, const std::string& value) {
    if (value.empty())
      return usage(where(*command_) + "the value of " + name +
                   " is empty; leave the option out where nothing is meant.");
    words_.insert(words_.end(), {name, value});
    return {};
  }

  Result<void> take_plain(const std::string& word) {
    if (command_->commands.empty()) return take_positional(word);
    if (const Command* child = command_->find_command(word)) {
      if (has_options_) {
        return usage(where(*command_) + "options come behind the command: " + child->joined_path() +
                     " ...");
      }
      command_ = child;
      words_.push_back(word);
      return {};
    }
    if (word == "help") {
      // "help copy" is "copy --help"
      while (at_ + 1 < typed_.size()) {
        const Command* child = command_->find_command(typed_[at_ + 1]);
        if (!child) return unknown_command(*command_, typed_[at_ + 1]);
        command_ = child;
        words_.push_back(typed_[++at_]);
      }
      words_.emplace_back("--help");
      asks_for_help_ = true;
      return {};
    }
    if (word == "version" && command_ == &program_) {
      words_.emplace_back("--version");
      asks_for_help_ = true;
      return {};
    }
    return unknown_command(*command_, word);
  }

  Result<void> take_positional(const std::string& word) {
    std::vector<std::string> names;
    for (const CommandOption& option : command_->options) {
      if (!option.is_place()) continue;
      if (option.kind == CommandOption::Kind::places)
        names.resize(typed_.size());  // it takes all there are
      names.push_back(option.names.front());
    }
    if (positionals_++ >= names.size()) {
      return usage(where(*command_) + "\"" + word + "\" is one word too many; it takes " +
                   (names.empty() ? "options only" : listed(names, " and ")) + ".");
    }
    words_.push_back(word);
    return {};
  }

  void note(const std::string& name) {
    asks_for_help_ = asks_for_help_ || name == "--help" || name == "-h" || name == "--version";
  }

  const Command& program_;
  const Command* command_;
  const std::vector<std::string>& typed_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  std::size_t positionals_ = 0;
  bool asks_for_help_ = false;
  bool has_options_ = false;  // before a command of this one
};

}  // namespace

Result<std::vector<std::string>> read_words(const Command& program,
                                            const std::vector<std::string>& typed) {
  return Reader(program, typed).read();
}

std::string command_of(const Command& program, const std::vector<std::string>& typed) {
  Reader reader(program, typed);
  (void)reader.read().has_error();  // as far as it gets
  return reader.command().joined_path();
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& known) {
  std::vector<std::string> near = suggestions_for(typed, known);
  near.resize(std::min(near.size(), suggestions_max));
  std::vector<std::string> quoted;
  for (const std::string& name : near) quoted.push_back("\"" + name + "\"");
  return near.empty() ? "" : " Did you mean " + listed(quoted) + "?";
}

std::string not_a_choice(const std::string& option, const std::string& typed,
                         const std::vector<std::string>& words) {
  const std::string near = did_you_mean(typed, words);
  return "invalid value \"" + typed + "\" for " + option + ": expected " + listed(words) +
         (near.empty() ? "" : "." + near);
}

}  // namespace dth::cli
