#pragma once

#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "ledger/ledger.h"
#include "options/action.h"
#include "state/state.h"

namespace dth::cli {

// What a command says at its end.
struct Summary {
  state::Run run;
  options::Action action = options::Action::copy;
  state::Counts before;  // of the run, when this command took it up: rates are of what it did since
  double seconds = 0;    // of this command
  std::uint64_t state_transactions = 0;  // of this command
  std::string ledger;                    // the place of the run's ledger; empty for a dry run
  bool dry_run = false;
  bool repairs = false;             // a verification that copies what it finds wanting
  bool accepts_unverified = false;  // --unverified warn
  std::vector<ledger::Line>
      would_delete;  // of a dry run: the first of them; Counter::extra says how many there are
  bool interrupted = false;
  std::string abandoned = {};  // not empty: the run stopped and can be resumed, because a store
                               // could not be reached or the destination is full
  std::string waits = {};      // not empty: the run waits until somebody approves its deletions
  std::vector<state::Upload> left_open;  // uploads of the run that could not be aborted
  std::vector<std::string> warnings;     // of the run
};

// Did a verification that is over, and had objects to check, prove none of them the same?
bool verified_nothing(const Summary& summary);

// 0 everything verified, 1 could not run, 3 waited in vain for a store or for space, or
// waits for an approval, 5 finished
// with failed or unverified items, 130 interrupted.
int exit_code(const Summary& summary);

// One JSON object, without a newline.
std::string to_json(const Summary& summary);

// The same as YAML, with a newline at its end.
std::string to_yaml(const Summary& summary);

// Some lines for a person.
std::string to_text(const Summary& summary);

// What JSON and YAML tell of counts: items by name, and beneath "requests" and "proof" theirs.
boost::json::object counts_object(const state::Counts& counts);

// The uploads that a run could not abort and left open: of these rows those that say so.
std::vector<state::Upload> left_open_of(std::vector<state::Upload> uploads);
// A sentence about one of them, which says what to do.
std::string about_left_open(const state::Upload& upload);
// What JSON and YAML tell of them.
boost::json::array left_open_array(const std::vector<state::Upload>& uploads);
// What JSON and YAML show of a run's warnings.
boost::json::array warnings_array(const std::vector<std::string>& warnings);

}  // namespace dth::cli
