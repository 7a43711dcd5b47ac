#include "plugins/object_copy/scan/list_job.h"

#include "base/encoding.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/rules/selection_lines.h"
#include "plugins/object_copy/rules/selection_prefixes.h"
#include "plugins/object_copy/scan/list_file.h"
#include "plugins/object_copy/scan/scan_loop.h"
#include "plugins/object_copy/scan/scan_step.h"

namespace dth::object_copy {
namespace {

constexpr std::size_t jobs_per_record_max = 64;

// Reads more of the file into `lines`, which have come to the end of what was read before. False:
// the file is over.
Async<Result<bool>> read_on(engine::JobContext* context, ListFile* file, ListCursor* unread,
                            ListLines* lines) {
  if (unread->offset == unread->size) co_return false;
  auto piece = co_await file->read(context->services().blocking, *unread);
  if (piece.has_error()) co_return piece.error();
  unread->offset += piece->size();
  lines->feed(*piece, unread->offset == unread->size);
  co_return true;
}

}  // namespace

Async<Result<engine::Finished>> ListJob::run(engine::JobContext& context, ScanPayload payload) {
  if (!lane_.stores.list)
    co_return Error{ErrorCode::internal, "the run's list file was not opened", ""};
  if (payload.list->tag.empty()) {
    auto looked = co_await lane_.stores.list->look(context.services().blocking);
    if (looked.has_error()) co_return looked.error();
    payload.list = std::move(*looked);
  }
  if (lane_.options.list == SourceList::prefix_file)
    co_return co_await read_prefixes(context, std::move(payload));
  co_return co_await read_objects(context, std::move(payload));
}

// Emits the objects that the list names, line after line.
Async<Result<engine::Finished>> ListJob::read_objects(engine::JobContext& context,
                                                      ScanPayload payload) {
  ListCursor unread = *payload.list;
  ListLines lines("the list " + lane_.stores.list->name(), format_of(lane_.options.list_location),
                  unread.offset, unread.line);
  ScanStep step(lane_.options, lane_.tuning, lane_.stores.destination.limits());
  bool go_on = true;
  while (go_on) {
    auto line = lines.next();
    if (line.has_error()) co_return line.error();
    if (!*line) {
      auto more = co_await read_on(&context, lane_.stores.list, &unread, &lines);
      if (more.has_error()) co_return more.error();
      if (!*more) co_return step.take();
      go_on = !context.stop_requested();
      continue;
    }
    step.see_named(std::string((*line)->key), std::string((*line)->version), lane_.clock.now());
    payload.list->offset = lines.offset();
    payload.list->line = lines.line();
    go_on = !context.stop_requested();
    if (!step.due() || !go_on) continue;
    auto recorded = co_await record_scan(&lane_, &context, &step, payload);
    if (recorded.has_error()) co_return recorded.error();
    go_on = *recorded;
  }
  engine::Finished finished = step.take();
  finished.effects.jobs.push_back(scan_job(std::move(payload)));
  co_return finished;
}

// Reads the whole file, keeps the least prefixes that were not emitted yet, as many as fit into
// memory, and emits scans of them; then, if there are more, itself once again, behind those scans.
// The file's order is not relied upon.
Async<Result<engine::Finished>> ListJob::read_prefixes(engine::JobContext& context,
                                                       ScanPayload payload) {
  ListCursor unread = *payload.list;
  ListLines lines("the list " + lane_.stores.list->name(), ListFormat::lines, 0, 1);
  PrefixReading reading(payload.after, lane_.tuning.prefixes_bytes_max);
  engine::Finished finished;
  for (;;) {
    auto line = lines.next();
    if (line.has_error()) co_return line.error();
    if (*line) {
      if (!(*line)->key.starts_with(lane_.options.source_key)) {
        co_return Error{ErrorCode::invalid_argument,
                        "the list " + lane_.stores.list->name() + ", line " +
                            std::to_string((*line)->number) + ": \"" + printable((*line)->key) +
                            "\" does not begin with the source's own prefix \"" +
                            printable(lane_.options.source_key) +
                            "\"; prefixes are those of whole keys",
                        ""};
      }
      reading.see((*line)->key);
      continue;
    }
    if (context.stop_requested()) {
      finished.effects.jobs.push_back(scan_job(std::move(payload)));
      co_return finished;
    }
    auto more = co_await read_on(&context, lane_.stores.list, &unread, &lines);
    if (more.has_error()) co_return more.error();
    if (!*more) break;
  }
  std::vector<state::NewJob> jobs =
      scan_jobs({reading.prefixes().begin(), reading.prefixes().end()});
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    finished.effects.jobs.push_back(std::move(jobs[i]));
    const bool last = i + 1 == jobs.size();
    if (last || finished.effects.jobs.size() < jobs_per_record_max) continue;
    payload.after = parse_scan_payload(finished.effects.jobs.back().payload)->prefixes.back();
    std::string cursor = to_json(payload);
    ledger::LineBuffer no_lines;
    state::Effects effects = std::exchange(finished.effects, {});
    auto recorded =
        co_await context.advance(std::move(cursor), std::move(effects), std::move(no_lines));
    if (recorded.has_error()) co_return recorded.error();
  }
  if (reading.more()) {
    payload.after = *reading.prefixes().rbegin();
    state::NewJob next = scan_job(std::move(payload));
    next.priority = -1;
    finished.effects.jobs.push_back(std::move(next));
  }
  co_return finished;
}

}  // namespace dth::object_copy
