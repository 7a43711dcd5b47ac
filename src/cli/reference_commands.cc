#include <fcntl.h>
#include <filesystem>

#include "base/encoding.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/reference.h"
#include "cli/words.h"
#include "ledger/file.h"

namespace dth::cli {
namespace {

ReferenceOption reference_of(const CommandLine& line, const CLI::Option& option) {
  ReferenceOption reference;
  reference.positional = !option.nonpositional();
  if (reference.positional) reference.names.push_back(option.get_name(true));
  for (const std::string& name : option.get_lnames()) reference.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) reference.names.push_back("-" + name);
  if (option.get_items_expected_max() > 0) reference.placeholder = option.get_option_text();
  reference.help = option.get_description();
  reference.group = option.get_group();
  reference.required = option.get_required();
  if (const auto found = line.choices.find(&option); found != line.choices.end()) reference.choices = found->second;
  return reference;
}

ReferenceCommand reference_of(const CommandLine& line, const CLI::App& app, std::vector<std::string> path) {
  ReferenceCommand reference;
  path.push_back(app.get_name());
  reference.path = path;
  reference.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) reference.options.push_back(reference_of(line, *option));
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!child->get_group().empty()) reference.commands.push_back(reference_of(line, *child, path));
  }
  return reference;
}

ReferenceCommand reference_of(const CommandLine& line) { return reference_of(line, line.root, {}); }

int print_page(const CommandLine& line, const std::vector<std::string>& words) {
  const ReferenceCommand root = reference_of(line);
  const ReferenceCommand* command = &root;
  for (const std::string& word : words) {
    const auto child = std::find_if(command->commands.begin(), command->commands.end(), [&](const ReferenceCommand& c) { return c.name() == word; });
    if (child == command->commands.end()) {
      std::vector<std::string> names;
      for (const ReferenceCommand& known : command->commands) names.push_back(known.name());
      return complain({ErrorCode::invalid_argument,
                       "there is no command \"" + command->joined_path(' ') + " " + printable(word) + "\"." + did_you_mean(word, names), ""});
    }
    command = &*child;
  }
  put(man_page(root, *command));
  return 0;
}

// Every page, as <directory>/dth-run-list.1 and so on.
int write_pages(const CommandLine& line, const std::string& directory) {
  const ReferenceCommand root = reference_of(line);
  for (const ReferenceCommand* command : all_commands(root)) {
    const std::string path = (std::filesystem::path(directory) / (command->joined_path('-') + ".1")).string();
    auto file = ledger::File::open(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (file.has_error()) return complain(file.error());
    if (auto written = file->write_at(0, man_page(root, *command)); written.has_error()) return complain(written.error());
  }
  return 0;
}

}  // namespace

void add_reference_commands(CommandLine& line) {
  CLI::App& completion = *line.root.add_subcommand("completion", "Print a script that makes a shell complete commands and options");
  completion.require_subcommand(1);
  struct Shell {
    const char* name;
    std::string (*script)(const ReferenceCommand&);
  };
  for (const Shell& shell : {Shell{"bash", bash_completion}, Shell{"zsh", zsh_completion}, Shell{"fish", fish_completion}}) {
    completion.add_subcommand(shell.name, std::string("The script for ") + shell.name)->callback([&line, script = shell.script] {
      line.chosen = [&line, script] {
        put(script(reference_of(line)));
        return 0;
      };
    });
  }
  CLI::App& man = *line.root.add_subcommand("man", "Print the manual page of a command")->group("");
  auto words = std::make_shared<std::vector<std::string>>();
  auto directory = std::make_shared<std::string>();
  man.add_option("COMMAND", *words, "the command; none: dth itself");
  man.add_option("--directory", *directory, "write all pages there instead")->option_text("DIRECTORY");
  man.callback([&line, words, directory] {
    line.chosen = [&line, words, directory] { return directory->empty() ? print_page(line, *words) : write_pages(line, *directory); };
  });
}

}  // namespace dth::cli
