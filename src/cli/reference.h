#pragma once

#include <string>
#include <vector>

namespace dth::cli {

// What a command takes, as completion scripts and manual pages are made from it.
struct ReferenceOption {
  std::vector<std::string> names;  // "--output", "-o"; of a positional its one name, "SOURCE"
  std::string placeholder;         // "FILE"; empty: a flag
  std::string help;
  std::string group;
  std::vector<std::string> choices;  // the words that it takes; empty: any
  bool positional = false;
  bool required = false;
};

struct ReferenceCommand {
  std::vector<std::string> path;  // {"dth", "run", "list"}
  std::string help;
  std::vector<ReferenceOption> options;
  std::vector<ReferenceCommand> commands;
  bool is_runnable = true;  // by itself, without one of its commands

  std::string name() const { return path.back(); }
  std::string joined_path(char separator) const;
  // May be repeated, and may be "the rest of the line": a command that has neither.
  bool is_group() const { return !commands.empty(); }
};

// This command and all beneath it, the parents first.
std::vector<const ReferenceCommand*> all_commands(const ReferenceCommand& root);

// Scripts that make a shell complete commands, options and their words.
std::string bash_completion(const ReferenceCommand& root);
std::string zsh_completion(const ReferenceCommand& root);
std::string fish_completion(const ReferenceCommand& root);

// The manual page of a command, as roff with man(7)'s macros.
std::string man_page(const ReferenceCommand& root, const ReferenceCommand& command);

}  // namespace dth::cli
