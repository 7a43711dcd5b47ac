#include <cstdio>
#include <fstream>
#include <iterator>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/ledger_lines.h"
#include "cli/paths.h"
#include "cli/summary.h"
#include "ledger/file.h"
#include "ledger/verify.h"
#include "options/amounts.h"

namespace dth::cli {
namespace {

constexpr std::size_t key_file_size_bytes_max = 64 << 10;

// Hexadecimal digits, or a file of them or of PEM.
Result<PublicKey> read_public_key(const std::string& text) {
  if (auto key = PublicKey::parse(text); key.has_value()) return key;
  std::ifstream file(text, std::ios::binary);
  if (!file) {
    return Error{
        ErrorCode::invalid_argument,
        "--public-key: \"" + text +
            "\" is neither a public key of 64 hexadecimal digits nor a file that can be read",
        ""};
  }
  std::string content(key_file_size_bytes_max, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  auto key = PublicKey::parse(content);
  if (key.has_error()) return std::move(key.error()).with_context("--public-key: " + text);
  return key;
}

// Is it a key of this machine? Where its own keys cannot be read, nobody knows, and it is taken for
// another's.
bool is_own(const std::string& public_key) {
  auto keys = signing_keys();
  if (keys.has_error()) return false;
  auto own = keys->own_keys();
  if (own.has_error()) return false;
  return std::any_of(own->begin(), own->end(),
                     [&](const PublicKey& key) { return key.hex() == public_key; });
}

struct Verdict {
  ledger::Verification done;
  bool key_given = false;
  bool own = false;            // the manifest's key
  std::string directory = {};  // its name
  bool authentic() const { return key_given && done.good(); }
};

std::string to_json(const Verdict& verdict) {
  const ledger::Verification& done = verdict.done;
  boost::json::object object;
  object["run"] = done.manifest.run;
  object["good"] = done.good();
  object["authentic"] = verdict.authentic();
  object["signed"] = !done.manifest.signature.empty();
  object["public_key"] = done.manifest.public_key;
  object["own_key"] = verdict.own;
  object["merkle_root"] = done.manifest.root;
  object["segments"] = done.segments;
  object["lines"] = done.lines;
  object["bytes"] = done.bytes;
  object["uncovered_bytes"] = done.uncovered_bytes;
  boost::json::array unknown_files, problems;
  for (const std::string& file : done.unknown_files) unknown_files.emplace_back(printable(file));
  for (const ledger::Problem& problem : done.problems) {
    problems.push_back(
        {{"file", printable(problem.file)}, {"offset", problem.offset}, {"what", problem.what}});
  }
  object["unknown_files"] = std::move(unknown_files);
  object["problem_count"] = done.problem_count;
  object["problems"] = std::move(problems);
  return write_json(object);
}

std::string to_text(const Verdict& verdict) {
  const ledger::Verification& done = verdict.done;
  std::string text;
  for (const ledger::Problem& problem : done.problems) {
    text += "bad: " + printable(problem.file) + ", offset " + std::to_string(problem.offset) +
            ": " + printable(problem.what) + "\n";
  }
  if (done.problem_count > done.problems.size())
    text += "bad: " +
            options::format_count(
                static_cast<std::int64_t>(done.problem_count - done.problems.size())) +
            " more\n";
  if (!done.good()) {
    return text +
           "This ledger is not as it was written, or not by whom it should be: do not rely on "
           "it.\n";
  }
  text += "intact: run " + done.manifest.run + ", " +
          options::format_count(static_cast<std::int64_t>(done.segments)) + " segments, " +
          options::format_count(static_cast<std::int64_t>(done.lines)) + " lines, " +
          options::format_size_rounded(done.bytes) + "; Merkle root " + done.manifest.root + "\n";
  if (verdict.key_given) {
    text += "authentic: signed with the key " + done.manifest.public_key + "\n";
  } else if (done.manifest.signature.empty()) {
    text +=
        "not signed (version 1): anybody who can write the place could have replaced it, "
        "consistent ledger\n";
  } else {
    text += "only integrity was checked: signed with the key " + done.manifest.public_key +
            (verdict.own ? ", which is this machine's own (dth key show)\n"
                         : ", which the ledger itself names; give the signer's with --public-key "
                           "to tell who wrote it\n");
  }
  if (verdict.directory != done.manifest.run)
    text += "note: the place is named " + printable(verdict.directory) + ", the ledger is of run " +
            done.manifest.run + "\n";
  if (done.uncovered_bytes > 0)
    text += "note: " + options::format_count(static_cast<std::int64_t>(done.uncovered_bytes)) +
            " bytes of its files are in no segment; they do not count\n";
  std::int64_t unrecorded = 0;
  for (const std::string& file : done.unknown_files) {
    if (file.ends_with(ledger::file_suffix)) {
      ++unrecorded;
    } else {
      text += "note: the file " + printable(file) + " is not of this ledger; it does not count\n";
    }
  }
  if (unrecorded > 0)
    text += "note: " + options::format_count(unrecorded) +
            " files are of attempts that nobody recorded, or of nobody; they do not count\n";
  return text;
}

Result<Verdict> verify(const LedgerVerifyCommand& command) {
  auto opened = open_named_ledger(command.ledger);
  if (opened.has_error()) return opened.error();
  const ledger::RunFiles& files = **opened;
  ledger::VerifyRequest request{.files = files};
  for (const std::string& given : command.public_keys) {
    auto key = read_public_key(given);
    if (key.has_error()) return key.error();
    request.public_keys.push_back(*key);
  }
  auto done = ledger::verify(request);
  if (done.has_error() && done.error().code == ErrorCode::not_found &&
      done.error().reason != ErrorReason::bucket_missing) {
    return Error{ErrorCode::not_found,
                 files.describe() +
                     " has no manifest, so there is nothing to verify: the run is not over, or the "
                     "manifest was taken away",
                 ""};
  }
  if (done.has_error()) return done.error();
  Verdict verdict{std::move(*done), !request.public_keys.empty()};
  verdict.directory = files.name();
  verdict.own = is_own(verdict.done.manifest.public_key);
  return verdict;
}

}  // namespace

int run_ledger_verify(const LedgerVerifyCommand& command) {
  auto verdict = verify(command);
  if (verdict.has_error()) return print_error(verdict.error());
  put(command.json ? to_json(*verdict) + "\n" : to_text(*verdict));
  return verdict->done.good() ? 0 : exit_could_not_run;
}

}  // namespace dth::cli
