#include "cli/command.h"

#include <algorithm>
#include <charconv>

#include "cli/words.h"

namespace dth::cli {
namespace {

// "-o,--output": the long name first.
std::vector<std::string> split_names(const std::string& names) {
  std::vector<std::string> split;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    split.push_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
  std::stable_sort(split.begin(), split.end(), [](const std::string& a, const std::string& b) {
    return a.starts_with("--") && !b.starts_with("--");
  });
  return split;
}

CommandOption& add(Command& command, const std::string& names, CommandOption::Kind kind,
                   const std::string& help) {
  return command.options.emplace_back(
      CommandOption{.names = split_names(names), .kind = kind, .help = help});
}

void add_help(Command& command) {
  add(command, "-h,--help", CommandOption::Kind::flag, "Print this help message and exit");
}

}  // namespace

std::string Command::joined_path() const {
  std::string text;
  for (const std::string& word : path) text += (text.empty() ? "" : " ") + word;
  return text;
}

const Command* Command::find_command(const std::string& wanted) const {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const Command& child) { return child.name() == wanted; });
  return found == commands.end() ? nullptr : &*found;
}

const CommandOption* Command::find_option(const std::string& wanted) const {
  const auto found = std::find_if(options.begin(), options.end(), [&](const CommandOption& option) {
    return !option.is_place() &&
           std::find(option.names.begin(), option.names.end(), wanted) != option.names.end();
  });
  return found == options.end() ? nullptr : &*found;
}

Command make_program(const std::string& name, const std::string& help) {
  Command program{.path = {name}, .help = help};
  add_help(program);
  add(program, "--version", CommandOption::Kind::flag,
      "Display program version information and exit");
  return program;
}

Command& add_command(Command& parent, const std::string& name, const std::string& help) {
  Command command{.path = parent.path, .help = help};
  command.path.push_back(name);
  add_help(command);
  return parent.commands.emplace_back(std::move(command));
}

CommandOption& add_value(Command& command, const std::string& names, std::string* value,
                         const std::string& help) {
  CommandOption& option = add(command, names, CommandOption::Kind::value, help);
  option.placeholder = "TEXT";
  option.take = [value](const std::vector<std::string>& typed) -> Result<void> {
    *value = typed.back();
    return {};
  };
  return option;
}

CommandOption& add_values(Command& command, const std::string& names,
                          std::vector<std::string>* values, const std::string& help) {
  CommandOption& option =
      add(command, names, CommandOption::Kind::values, help + " (may be given more than once)");
  option.placeholder = "TEXT";
  option.take = [values](const std::vector<std::string>& typed) -> Result<void> {
    *values = typed;
    return {};
  };
  return option;
}

CommandOption& add_flag(Command& command, const std::string& names, bool* flag,
                        const std::string& help) {
  CommandOption& option = add(command, names, CommandOption::Kind::flag, help);
  option.take =
      [flag, name = option.names.front()](const std::vector<std::string>& typed) -> Result<void> {
    const std::string& word = typed.back();
    if (word != "true" && word != "false") {
      return Error{ErrorCode::invalid_argument,
                   name + " takes no value, and \"" + word + "\" was given; leave it out", ""};
    }
    *flag = word == "true";
    return {};
  };
  return option;
}

CommandOption& add_place(Command& command, const std::string& name, std::string* word,
                         const std::string& help) {
  CommandOption& option = add_value(command, name, word, help);
  option.kind = CommandOption::Kind::place;
  option.placeholder = {};
  return option;
}

CommandOption& add_choice(Command& command, const std::string& names, const std::string& help,
                          const std::vector<std::string>& words,
                          std::function<void(const std::string&)> take) {
  CommandOption& option = add(command, names, CommandOption::Kind::value, help);
  option.placeholder = "FORMAT";
  option.choices = words;
  option.take = [name = option.names.front(), words,
                 take = std::move(take)](const std::vector<std::string>& typed) -> Result<void> {
    if (std::find(words.begin(), words.end(), typed.back()) == words.end()) {
      return Error{ErrorCode::invalid_argument, not_a_choice(name, typed.back(), words), ""};
    }
    take(typed.back());
    return {};
  };
  return option;
}

CommandOption& add_number(Command& command, const std::string& names, const std::string& help,
                          NumberRange range, std::function<void(std::uint64_t)> take) {
  CommandOption& option = add(command, names, CommandOption::Kind::value, help);
  option.placeholder = "N";
  option.take = [name = option.names.front(), range,
                 take = std::move(take)](const std::vector<std::string>& typed) -> Result<void> {
    const std::string& text = typed.back();
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size() || number < range.least ||
        number > range.greatest) {
      return Error{ErrorCode::invalid_argument,
                   "invalid value \"" + text + "\" for " + name +
                       ": expected a whole number from " + std::to_string(range.least) + " to " +
                       std::to_string(range.greatest),
                   ""};
    }
    take(number);
    return {};
  };
  return option;
}

}  // namespace dth::cli
