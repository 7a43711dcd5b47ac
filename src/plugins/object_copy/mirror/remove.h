#pragma once

#include "ledger/ledger.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "state/state.h"

namespace dth::object_copy {

// A job that removes these; its weight in the backlog is their number.
state::NewJob remove_job(std::vector<Extra> extras, ListedAt listed);

// What the ledger says of it, all but the outcome. Its key is the one that the source would have.
ledger::Line line_of(const CopyOptions& options, const Extra& extra, TimePoint at);

}  // namespace dth::object_copy
