#pragma once

#include "state/counts.h"

namespace dth::engine {

// What the plugins have in common to count. A plugin adds its own in a struct derived from this
// one.
//
// Items and their bytes are exact: each item is counted once, in the transaction that finished it.
// Requests and retries are estimates after a crash. Once a run is over and did not fail as a whole:
//   selected + (what was to be deleted: extra) = copied + unchanged + skipped + matched +
//   undetermined + deleted_at_source + failed + deleted
struct Counter {
  using Unit = state::Counter::Unit;

  static constexpr state::Counter scanned{"scanned", Unit::items, true,
                                          "items of the source that were listed"};
  static constexpr state::Counter selected{"selected", Unit::items, true,
                                           "of these, what the task's rules select"};
  static constexpr state::Counter copied{"copied"};
  static constexpr state::Counter unchanged{"unchanged", Unit::items, true,
                                            "the destination was already as it should be"};
  static constexpr state::Counter skipped{"skipped", Unit::items, true,
                                          "archived, and left alone by the rules"};
  static constexpr state::Counter deleted_at_source{"deleted_at_source", Unit::items, true,
                                                    "between listing and copy or check"};
  static constexpr const state::Counter& failed = state::failed_items;
  static constexpr state::Counter deleted{"deleted", Unit::items, true, "at the destination"};
  static constexpr state::Counter bytes{"bytes", Unit::bytes, true, "of copied items"};
  static constexpr state::Counter retries{"retries", Unit::requests, false,
                                          "requests that were sent again"};
};

}  // namespace dth::engine
