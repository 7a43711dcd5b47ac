#pragma once

#include <string>
#include <vector>

#include "base/hash.h"
#include "state/state.h"

namespace dth::ledger {

// The bytes of a segment that its leaf hashes. docs/ledger.md gives the rule to outsiders.
std::string canonical_bytes(const state::Segment& segment);

// The root, in hex, over the segments in the order given: leaf = SHA-256(0x00 || canonical bytes),
// node = SHA-256(0x01 || left || right), an odd node is promoted unchanged. Of no segments: SHA-256
// of nothing.
std::string merkle_root(const std::vector<state::Segment>& segments);

}  // namespace dth::ledger
