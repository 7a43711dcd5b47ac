#include "cli/command_line.h"
#include "cli/key_command.h"
#include "cli/ledger_command.h"

namespace dth::cli {
namespace {

constexpr std::uint64_t limit_max = 1'000'000'000'000;

void add_directory(CLI::App& app, std::string* path) {
  app.add_option("LEDGER", *path, "the run's ledger: the directory that a command names at its end")->required()->option_text("DIRECTORY");
}

void add_read_options(CLI::App& app, LedgerReadCommand* command) {
  add_directory(app, &command->path);
  app.add_option("--state", command->state_path, "the state of a run that is not over yet")->option_text("FILE");
  app.add_option("--key-prefix", command->filter.key_prefix, "only items whose key begins so")->option_text("PREFIX");
  app.add_option("--outcome", command->filter.outcome, "only items with this outcome: copied, vanished, failed, deleted, ...")->option_text("WORD");
  app.add_option("--proof", command->filter.proof, "only items with this proof: declared, computed, recomputed, read_back, equal_etags, none")->option_text("WORD");
  add_number(app, "--limit", "so many lines at most [all]", {0, limit_max}, [command](std::uint64_t count) { command->filter.count_max = count; });
}

void add_show(CommandLine& line, CLI::App& parent) {
  CLI::App& app = *parent.add_subcommand("show", "Print a run's ledger, a line of JSON for each item");
  auto command = std::make_shared<LedgerReadCommand>();
  add_read_options(app, command.get());
  app.callback([&line, command] { line.chosen = [command] { return run_ledger_show(*command); }; });
}

void add_export(CommandLine& line, CLI::App& parent) {
  CLI::App& app = *parent.add_subcommand("export", "Write a run's ledger as a table for other programs");
  auto command = std::make_shared<LedgerExportCommand>();
  add_read_options(app, &command->read);
  add_choice(line, app, "--format", "csv, or json: an object a line [csv]", {"csv", "json"}, [command](const std::string& word) { command->format = word; });
  app.add_option("-o,--output", command->file, "where to [standard output]")->option_text("FILE");
  app.callback([&line, command] { line.chosen = [command] { return run_ledger_export(*command); }; });
}

void add_verify(CommandLine& line, CLI::App& parent) {
  CLI::App& app = *parent.add_subcommand("verify", "Check that a run's ledger is whole and unaltered, and who signed it");
  auto command = std::make_shared<LedgerVerifyCommand>();
  add_directory(app, &command->path);
  app.add_option("--public-key", command->public_key, "who must have signed it: 64 hexadecimal digits, or a file with these or a PEM")->option_text("HEX|FILE");
  add_choice(line, app, "-o,--output", "table or json [table]", {"table", "json"}, [command](const std::string& word) { command->json = word == "json"; });
  app.footer("Exit codes: 0 everything fits, 1 something does not, or could not be read, 2 usage.");
  app.callback([&line, command] { line.chosen = [command] { return run_ledger_verify(*command); }; });
}

void add_key_command(CommandLine& line, CLI::App& parent, const std::string& name, const std::string& help, int (*run)(bool pem)) {
  CLI::App& app = *parent.add_subcommand(name, help);
  auto pem = std::make_shared<bool>(false);
  app.add_flag("--pem", *pem, "as PEM, for openssl and the like");
  app.callback([&line, pem, run] { line.chosen = [pem, run] { return run(*pem); }; });
}

}  // namespace

void add_ledger_commands(CommandLine& line) {
  CLI::App& ledger = *line.root.add_subcommand("ledger", "Read and check the record of what a run did");
  ledger.require_subcommand(1);
  add_show(line, ledger);
  add_verify(line, ledger);
  add_export(line, ledger);
  CLI::App& key = *line.root.add_subcommand("key", "The key that this machine signs its ledgers with");
  key.require_subcommand(1);
  add_key_command(line, key, "show", "Print the public key; others check this machine's ledgers with it", run_key_show);
  add_key_command(line, key, "rotate", "Make a new key; the old public key is remembered", run_key_rotate);
}

}  // namespace dth::cli
