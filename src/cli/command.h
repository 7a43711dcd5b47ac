#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace dth::cli {

// What a command takes on the command line: an option or, behind the options, a place.
struct CommandOption {
  enum class Kind {
    flag,    // no value, or "--name=off"
    value,   // "--name VALUE"
    values,  // the same, as often as wanted
    place,   // one word
    places,  // all words that are left
  };
  std::vector<std::string> names;  // "--output", "-o"; of a place its one name, "SOURCE"
  Kind kind = Kind::value;
  std::string help;
  std::string placeholder = {};   // "FILE"
  std::string group = "Options";  // its heading in the help
  std::vector<std::string> choices =
      {};  // the words that it takes, for completion and reference; empty: any
  bool is_required = false;
  // Called with what was typed, at least one word, when the command line is read. Errors:
  // invalid_argument.
  std::function<Result<void>(const std::vector<std::string>& typed)> take = {};

  bool is_place() const { return kind == Kind::place || kind == Kind::places; }
  bool takes_value() const { return kind != Kind::flag; }
};

// A command of the program, or the program itself: what it is called, what it takes and what it
// does.
struct Command {
  std::vector<std::string> path;  // {"dth", "run", "list"}
  std::string help;
  std::string footer = {};  // behind the options in the help
  bool is_hidden = false;   // from help, completion and reference
  std::string group = {};   // its heading in the help of its parent; empty: the usual one
  std::vector<CommandOption> options = {};
  // One of which has to be given, unless the command can be run by itself.
  std::vector<Command> commands = {};
  std::function<int()> run = {};  // does it, and returns the exit code

  const std::string& name() const { return path.back(); }
  std::string joined_path() const;  // "dth run list"
  bool is_root() const { return path.size() == 1; }
  const Command* find_command(const std::string& name) const;
  const CommandOption* find_option(const std::string& name) const;  // "--output" or "-o"
};

// With --help, and --version where it has one.
Command make_program(const std::string& name, const std::string& help);
// Beneath `parent`. The reference is good until the next one is added there.
Command& add_command(Command& parent, const std::string& name, const std::string& help);

// Each of these adds to a command, and returns what it added: good until the next is added. Names
// are as in "-o,--output". What values are kept in must outlive the reading.
CommandOption& add_value(Command& command, const std::string& names, std::string* value,
                         const std::string& help);
CommandOption& add_values(Command& command, const std::string& names,
                          std::vector<std::string>* values, const std::string& help);
CommandOption& add_flag(Command& command, const std::string& names, bool* flag,
                        const std::string& help);
CommandOption& add_place(Command& command, const std::string& name, std::string* word,
                         const std::string& help);
// An option that takes one of these words.
CommandOption& add_choice(Command& command, const std::string& names, const std::string& help,
                          const std::vector<std::string>& words,
                          std::function<void(const std::string&)> take);
// An option that takes a whole number within the range.
struct NumberRange {
  std::uint64_t least = 0;
  std::uint64_t greatest = 0;
};
CommandOption& add_number(Command& command, const std::string& names, const std::string& help,
                          NumberRange range, std::function<void(std::uint64_t)> take);

}  // namespace dth::cli
