#pragma once

#include <string>
#include <vector>

#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/payloads.h"
#include "state/state.h"

// Jobs as they are inserted.
namespace dth::object_copy {

// The jobs that a run begins with.
std::vector<state::NewJob> first_jobs(const CopyOptions& options);
state::NewJob scan_job(ScanPayload payload);
// Of prefixes that do not cover each other.
std::vector<state::NewJob> scan_jobs(const std::vector<std::string>& prefixes);
// A copy job of these items; its weight in the backlog is their number.
state::NewJob copy_job(std::vector<Item> items);
state::NewJob last_job(std::vector<Item> items);
state::NewJob retry_job(RetryPayload payload);
// Its weight in the backlog is the number of its items.
state::NewJob restore_job(RestorePayload payload);
state::NewJob check_job(std::vector<Item> items);
// From there on.
state::NewJob find_extra_job(const FindExtraPayload& payload);
// Its weight in the backlog is the number of its items.
state::NewJob remove_job(std::vector<Extra> extras, ListedAt listed);

}  // namespace dth::object_copy
