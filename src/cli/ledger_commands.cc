#include <memory>

#include "cli/command_line.h"
#include "cli/database.h"
#include "cli/key_command.h"
#include "cli/ledger_command.h"

namespace dth::cli {
namespace {

constexpr std::uint64_t lines_limit_max = 1'000'000'000'000;

using Given = std::shared_ptr<GivenOptions>;

// The run's ledger, and how it is reached where it is in a bucket, which is for `named` once the
// command is run.
Given add_ledger(CommandLine& line, Command& app, NamedLedger* named) {
  auto given = std::make_shared<GivenOptions>();
  named->places = &line.ledgers;
  CommandOption& ledger =
      add_place(app, "LEDGER", &named->text,
                "the run's ledger: the directory, or s3://..., that a command names at its end");
  ledger.placeholder = "PLACE";
  ledger.is_required = true;
  for (const options::Option& option : line.ledgers.options())
    add_declared_option(app, option, given.get());
  return given;
}

template <class Enum>
std::vector<std::string> words_of(std::size_t count) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i)
    words.emplace_back(ledger::to_string(static_cast<Enum>(i)));
  return words;
}

Given add_read_options(CommandLine& line, Command& app, LedgerReadCommand* command) {
  Given given = add_ledger(line, app, &command->ledger);
  add_database_option(app, &command->database);
  add_value(app, "--key-prefix", &command->filter.key_prefix, "only items whose key begins so")
      .placeholder = "PREFIX";
  add_choice(
      app, "--outcome", "only items with this outcome",
      words_of<ledger::Outcome>(ledger::outcome_count),
      [command](const std::string& word) { command->filter.outcome = ledger::parse_outcome(word); })
      .placeholder = "WORD";
  add_choice(app, "--proof", "only items with this proof",
             words_of<ledger::ProofKind>(ledger::proof_kind_count),
             [command](const std::string& word) {
               command->filter.proof = ledger::parse_proof_kind(word);
             })
      .placeholder = "WORD";
  add_number(app, "--limit", "so many lines at most [all]", {0, lines_limit_max},
             [command](std::uint64_t count) { command->filter.count_max = count; });
  return given;
}

void add_show_lines(CommandLine& line, Command& parent) {
  Command& app = add_command(parent, "show", "Print a run's ledger, a line of JSON for each item");
  auto command = std::make_shared<LedgerReadCommand>();
  auto given = add_read_options(line, app, command.get());
  app.run = [command, given] {
    command->ledger.endpoint = given->values_by_name();
    return run_ledger_show(*command);
  };
}

void add_export(CommandLine& line, Command& parent) {
  Command& app =
      add_command(parent, "export", "Write a run's ledger as a table for other programs");
  auto command = std::make_shared<LedgerExportCommand>();
  auto given = add_read_options(line, app, &command->read);
  add_choice(app, "--format", "csv, or json: an object a line [csv]", {"csv", "json"},
             [command](const std::string& word) { command->format = word; });
  add_value(app, "-o,--output", &command->file, "where to [standard output]").placeholder = "FILE";
  app.run = [command, given] {
    command->read.ledger.endpoint = given->values_by_name();
    return run_ledger_export(*command);
  };
}

void add_verify(CommandLine& line, Command& parent) {
  Command& app = add_command(parent, "verify",
                             "Check that a run's ledger is whole and unaltered, and who signed it");
  auto command = std::make_shared<LedgerVerifyCommand>();
  auto given = add_ledger(line, app, &command->ledger);
  add_values(app, "--public-key", &command->public_keys,
             "who must have signed it, or one of several: 64 hexadecimal digits, or a file with "
             "these or a PEM")
      .placeholder = "HEX|FILE";
  add_choice(app, "-o,--output", "table or json [table]", {"table", "json"},
             [command](const std::string& word) { command->json = word == "json"; });
  app.footer =
      "Keys of a bucket come from DTH_LEDGER_ACCESS_KEY_ID and DTH_LEDGER_SECRET_ACCESS_KEY, "
      "and without them from AWS's.\n"
      "Exit codes: 0 everything fits, 1 something does not, or could not be read, 2 usage.";
  app.run = [command, given] {
    command->ledger.endpoint = given->values_by_name();
    return run_ledger_verify(*command);
  };
}

void add_key_command(Command& parent, const std::string& name, const std::string& help,
                     int (*run)(bool pem)) {
  Command& app = add_command(parent, name, help);
  auto pem = std::make_shared<bool>(false);
  add_flag(app, "--pem", pem.get(), "as PEM, for openssl and the like");
  app.run = [pem, run] { return run(*pem); };
}

}  // namespace

void add_ledger_commands(CommandLine& line) {
  Command& ledger = add_command(line.root, "ledger", "Read and check the record of what a run did");
  add_show_lines(line, ledger);
  add_verify(line, ledger);
  add_export(line, ledger);
  Command& key = add_command(line.root, "key", "The key that this machine signs its ledgers with");
  add_key_command(key, "show", "Print the public key; others check this machine's ledgers with it",
                  run_key_show);
  add_key_command(key, "rotate", "Make a new key; the old public key is remembered",
                  run_key_rotate);
}

}  // namespace dth::cli
