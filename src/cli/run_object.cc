#include "cli/run_object.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/ledger_places.h"
#include "cli/summary.h"

namespace dth::cli {

namespace {

// As --placement takes it.
std::string placement_text(const state::Placement& placement) {
  return placement.kind == state::Placement::Kind::anybody ? "any"
                                                           : "label:" + printable(placement.name);
}

}  // namespace

boost::json::object run_object(const runs::RunView& view, const RunPlace& place) {
  const state::Run& run = view.run;
  // Locations are bytes; JSON is UTF-8.
  auto text = [](const std::string& value) {
    return is_valid_utf8(value) ? value : printable(value);
  };
  boost::json::object object;
  object["run"] = run.id;
  object["action"] = options::to_string(view.spec.action);
  object["kind"] = run.kind;
  object["state"] = runs::to_string(view.status);
  if (place.state()) object["weight"] = run.weight;
  if (place.state() && run.placement.kind != state::Placement::Kind::process)
    object["placement"] = placement_text(run.placement);
  object["created_at"] = format_time(run.created_at);
  if (run.ended_at) object["ended_at"] = format_time(*run.ended_at);
  object["source"] = text(view.spec.option("source"));
  object["destination"] = text(view.spec.option("destination"));
  if (view.spec.retry) object["retry_of"] = view.spec.retry->run;
  for (auto& field : counts_object(run.counts)) object[field.key()] = std::move(field.value());
  if (run.waiting && !view.is_over()) {
    object["waiting"] = boost::json::object{{"for", state::to_string(run.waiting->what)},
                                            {"why", run.waiting->text},
                                            {"since", format_time(run.waiting->since)}};
  }
  if (view.process) {
    object["process"] =
        boost::json::object{{"host", view.process->host}, {"pid", view.process->pid}};
  }
  if (!run.error.empty()) object["error"] = run.error;
  if (const StatePlace* state = place.state()) {
    object["database"] = text(state->url());
    object["ledger"] = text(shown_ledger(view.spec.options, *state, run.id));
  } else {
    object["hub"] = text(place.hub());
  }
  return object;
}

}  // namespace dth::cli
