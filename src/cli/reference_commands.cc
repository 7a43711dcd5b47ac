#include <algorithm>
#include <filesystem>
#include <memory>

#include <fcntl.h>

#include "base/encoding.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/reference.h"
#include "cli/words.h"
#include "ledger/file.h"

namespace dth::cli {
namespace {

ReferenceOption reference_of(const CommandOption& option) {
  return {option.names,   option.placeholder, option.help,       option.group,
          option.choices, option.is_place(),  option.is_required};
}

ReferenceCommand reference_of(const Command& command) {
  ReferenceCommand reference{
      .path = command.path, .help = command.help, .options = {}, .commands = {}};
  reference.is_runnable = static_cast<bool>(command.run);
  for (const CommandOption& option : command.options)
    reference.options.push_back(reference_of(option));
  for (const Command& child : command.commands) {
    if (!child.is_hidden) reference.commands.push_back(reference_of(child));
  }
  return reference;
}

int print_page(const Command& program, const std::vector<std::string>& words) {
  const ReferenceCommand root = reference_of(program);
  const ReferenceCommand* command = &root;
  for (const std::string& word : words) {
    const auto child = std::find_if(command->commands.begin(), command->commands.end(),
                                    [&](const ReferenceCommand& c) { return c.name() == word; });
    if (child == command->commands.end()) {
      std::vector<std::string> names;
      for (const ReferenceCommand& known : command->commands) names.push_back(known.name());
      return print_error({ErrorCode::invalid_argument,
                          "there is no command \"" + command->joined_path(' ') + " " +
                              printable(word) + "\"." + did_you_mean(word, names),
                          ""});
    }
    command = &*child;
  }
  put(man_page(root, *command));
  return 0;
}

// Every page, as <directory>/dth-run-list.1 and so on.
int write_pages(const Command& program, const std::string& directory) {
  const ReferenceCommand root = reference_of(program);
  for (const ReferenceCommand* command : all_commands(root)) {
    const std::string path =
        (std::filesystem::path(directory) / (command->joined_path('-') + ".1")).string();
    auto file = ledger::File::open(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (file.has_error()) return print_error(file.error());
    if (auto written = file->write_at(0, man_page(root, *command)); written.has_error())
      return print_error(written.error());
  }
  return 0;
}

}  // namespace

void add_reference_commands(CommandLine& line) {
  Command& completion = add_command(
      line.root, "completion", "Print a script that makes a shell complete commands and options");
  struct Shell {
    const char* name;
    std::string (*script)(const ReferenceCommand&);
  };
  for (const Shell& shell : {Shell{"bash", bash_completion}, Shell{"zsh", zsh_completion},
                             Shell{"fish", fish_completion}}) {
    add_command(completion, shell.name, std::string("The script for ") + shell.name).run =
        [&program = line.root, script = shell.script] {
          put(script(reference_of(program)));
          return 0;
        };
  }
  Command& man = add_command(line.root, "man", "Print the manual page of a command");
  man.is_hidden = true;
  auto words = std::make_shared<std::vector<std::string>>();
  auto directory = std::make_shared<std::string>();
  CommandOption& command = add_values(man, "COMMAND", words.get(), "the command; none: dth itself");
  command.kind = CommandOption::Kind::places;
  command.placeholder = {};
  add_value(man, "--directory", directory.get(), "write all pages there instead").placeholder =
      "DIRECTORY";
  man.run = [&program = line.root, words, directory] {
    return directory->empty() ? print_page(program, *words) : write_pages(program, *directory);
  };
}

}  // namespace dth::cli
