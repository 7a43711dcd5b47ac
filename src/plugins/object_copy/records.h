#pragma once

#include <string>
#include <string_view>

#include "engine/job_runner.h"
#include "ledger/ledger.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/proof.h"

// How items end: each with a line, a count, and where it failed a failure.
namespace dth::object_copy {

// The record of an item that could not be copied: a failure, a line, a count.
void record_failure(const std::string& key, std::uint64_t size, const Error& error, int attempts,
                    TimePoint at, engine::Finished* finished, const std::string& version = "");
// The same of an item of which the line tells more: all but the error.
void record_failure(ledger::Line line, const Error& error, int attempts,
                    engine::Finished* finished);
// Counts and records what could not be listed at the source: one failed item whatever it holds, a
// folder, or a file of which nothing is known. Nothing where the rules for keys leave the file out.
void record_hidden(const CopyOptions& options, const objects::ObjectInfo& source, TimePoint at,
                   engine::Finished* finished);
// An object that is archived and, as the options say, left alone: skipped, with a line that says
// why.
void record_archived(const objects::ObjectInfo& source, TimePoint at, engine::Finished* finished);
void record_deleted_at_source(const Item& item, TimePoint at, engine::Finished* finished);
struct CopyTimes {
  objects::Reported<TimePoint> read_from = {};  // when reading of the source began
  TimePoint at{};
};
void record_copied(const CopyOptions& options, const objects::ObjectInfo& source,
                   const objects::PutResult& stored, const Proof& proof, const CopyTimes& times,
                   engine::Finished* finished);

}  // namespace dth::object_copy
