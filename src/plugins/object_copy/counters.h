#pragma once

#include <span>

#include "engine/counters.h"
#include "ledger/vocabulary.h"

namespace dth::object_copy {

// What copying, mirroring and verifying objects counts.
struct Counter : engine::Counter {
  static constexpr state::Counter extra{
      "extra", Unit::items, true,
      "only at the destination; where deletions are asked for: planned to be deleted"};
  static constexpr state::Counter matched{"matched", Unit::items, true,
                                          "checked, and proved to be the same at both sides"};
  static constexpr state::Counter undetermined{"undetermined", Unit::items, true,
                                               "checked, and nothing could prove or refute it"};
  static constexpr state::Counter differs{
      "differs", Unit::items, true, "checked, and found to differ; failed or copied in the end"};
  static constexpr state::Counter missing{
      "missing", Unit::items, true,
      "checked, and not at the destination; failed or copied in the end"};

  // How copied items, and matched ones of a verification, were verified (ledger::ProofKind).
  static constexpr state::Counter proof_source_checksum{"proof_source_checksum"};
  static constexpr state::Counter proof_transit_checksum{"proof_transit_checksum"};
  static constexpr state::Counter proof_recomputed_etag{"proof_recomputed_etag"};
  static constexpr state::Counter proof_read_back{"proof_read_back"};
  static constexpr state::Counter proof_equal_etags{"proof_equal_etags"};
  static constexpr state::Counter proof_none{"proof_none", Unit::items, true,
                                             "copied, not verified"};

  static constexpr state::Counter requests_get{"requests_get", Unit::requests, false, "GetObject"};
  static constexpr state::Counter requests_put{"requests_put", Unit::requests, false,
                                               "PutObject and UploadPart"};
  static constexpr state::Counter requests_list{"requests_list", Unit::requests, false,
                                                "ListObjects"};
  static constexpr state::Counter requests_head{"requests_head", Unit::requests, false};
  static constexpr state::Counter requests_delete{"requests_delete", Unit::requests, false};
  static constexpr state::Counter requests_other{"requests_other", Unit::requests, false};
  static constexpr state::Counter requests_look{
      "requests_look", Unit::requests, false,
      "HEADs that check what a store of unknown kind kept of an object; not in requests_head"};
};

// All of these.
std::span<const state::Counter* const> counters();

const state::Counter& counter_of(ledger::ProofKind kind);

}  // namespace dth::object_copy
