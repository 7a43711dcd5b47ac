#pragma once

#include "ledger/ledger.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"

namespace dth::object_copy {

// What the ledger says of an object that only the destination has, all but the outcome. Its key is
// the one that the source would have.
inline ledger::Line line_of(const CopyOptions& options, const Extra& extra, TimePoint at) {
  ledger::Line line;
  line.key = options.source_key + extra.key.substr(options.destination_key.size());
  line.destination_key = extra.key;
  line.size = extra.size.value_or(0);
  line.destination_etag = extra.etag;
  line.at = at;
  return line;
}

}  // namespace dth::object_copy
