// What schedules mean.
#include "api/resolvers.h"
#include "api/task_input.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using control::SchedulePreview;
using graphql::Resolved;
using graphql::ResolveInfo;

std::string_view name_of(SchedulePreview::NoteKind kind) {
  switch (kind) {
    case SchedulePreview::NoteKind::put_forward:
      return "PUT_FORWARD";
    case SchedulePreview::NoteKind::comes_twice:
      return "COMES_TWICE";
    case SchedulePreview::NoteKind::never:
      break;
  }
  return "NEVER";
}

json::object preview_object(const SchedulePreview& preview) {
  json::array times, notes;
  for (const SchedulePreview::Time& time : preview.times)
    times.push_back(json::object{{"at", format_time(time.at)}, {"local", time.local}});
  for (const SchedulePreview::Note& note : preview.notes) {
    const bool has_time = note.kind != SchedulePreview::NoteKind::never;
    notes.push_back(
        json::object{{"kind", name_of(note.kind)},
                     {"at", has_time ? json::value(format_time(note.at)) : json::value()},
                     {"local", has_time ? json::value(note.local) : json::value()}});
  }
  return {{"times", std::move(times)}, {"notes", std::move(notes)}};
}

Result<Resolved> resolve_preview(Clock& clock, const ResolveInfo& info) {
  const TimePoint now = clock.now();
  const auto schedule =
      control::completed(read_schedule_input(info.arguments.at("schedule").as_object()), now);
  control::TaskProblems problems;
  const auto rule = control::rule_of(schedule, &problems);
  if (!rule) {
    const std::vector<std::string> nowhere;
    return refused(errors_of(problems, nowhere));
  }
  const auto count = static_cast<std::size_t>(info.arguments.at("count").as_int64());
  return payload("preview",
                 Resolved(json::value(preview_object(preview_schedule(*rule, now, count)))));
}

}  // namespace

void add_schedule_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  for (const char* type : {"Schedule", "SchedulePreview", "ScheduledTime", "ScheduleNote"})
    resolvers.json_object(type);
  resolvers.field(
      "Query.schedulePreview",
      [clock = &services.clock](const ResolveInfo& info) { return resolve_preview(*clock, info); },
      {.weight = 10, .size_argument = "count"});
  add_payload_resolvers(resolvers, "SchedulePreviewPayload", {"preview"});
}

}  // namespace dth::api
