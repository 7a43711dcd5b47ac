// Steering runs.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/run_filter.h"
#include "api/user_errors.h"
#include "api/values.h"

namespace dth::api {
namespace {

using graphql::Resolved;
using graphql::ResolveInfo;
using Done = Idempotency::Done;

// What a mutation needs; lives as long as the engine.
struct Mutations {
  RunReader* runs;
  runs::RunControl* control;
  Idempotency* idempotency;
  Clock* clock;
};

std::string input_text(const ResolveInfo& info, std::string_view name) {
  return std::string(object_argument(info.arguments, "input").at(name).as_string());
}

// The payload of what runs::RunControl answered.
Result<Done> done_with(Result<runs::Steered> steered, std::vector<std::string> field) {
  if (steered.has_error()) {
    auto error = user_error_of(steered.error(), std::move(field));
    if (!error) return steered.error();
    return Done{"", refused(std::move(*error))};
  }
  if (steered->view.has_error()) return Done{steered->run, steered->view.error()};
  return Done{steered->run, payload("run", run_object(std::move(*steered->view)))};
}

using Step = Result<runs::Steered> (runs::RunControl::*)(const std::string&, state::AuditEntry);

Async<Result<Done>> steer(Mutations mutations, Step step, ResolveInfo info) {
  const std::string run = input_text(info, "id");
  const state::AuditEntry by = audit_entry(info, mutations.clock->now());
  const auto work = [&](state::State&) { return (mutations.control->*step)(run, by); };
  auto steered = co_await mutations.runs->state().read(client_of(info), work);
  std::vector<std::string> field{"input", "id"};
  co_return done_with(std::move(steered), std::move(field));
}

Async<Result<Done>> retry(Mutations mutations, ResolveInfo info) {
  const boost::json::object& input = object_argument(info.arguments, "input");
  boost::json::object selection = input;
  selection.erase("keys");  // of which there may be more: runs::retry_keys_max
  if (auto fit = check_lengths(selection); fit.has_error()) {
    std::vector<std::string> field{"input"};
    co_return done_with(fit.error(), std::move(field));
  }
  runs::RetryRequest request{.run = input_text(info, "id"),
                             .reasons = text_list(input, "reasons"),
                             .codes = text_list(input, "codes"),
                             .keys = text_list(input, "keys")};
  for (auto* words : {&request.reasons, &request.codes}) {
    for (std::string& word : *words) word = enum_word(word);
  }
  const state::AuditEntry by = audit_entry(info, mutations.clock->now());
  const auto work = [&](state::State&) { return mutations.control->retry(request, by); };
  auto steered = co_await mutations.runs->state().read(client_of(info), work);
  std::vector<std::string> field{"input"};
  co_return done_with(std::move(steered), std::move(field));
}

graphql::AsyncResolver once(Mutations mutations,
                            std::function<Async<Result<Done>>(ResolveInfo)> carry_out) {
  return [mutations, carry_out = std::move(carry_out)](ResolveInfo info) {
    Idempotency::Work work = [carry_out, info] { return carry_out(info); };
    Idempotency::Replay again = [runs = mutations.runs, client = client_of(info)](std::string id) {
      return replay_run(runs, client, std::move(id));
    };
    return mutations.idempotency->once(info, std::move(work), std::move(again));
  };
}

}  // namespace

Async<Result<Resolved>> replay_run(RunReader* runs, std::string client, std::string id) {
  auto view = co_await runs->find(std::move(id), std::move(client));
  if (view.has_error()) co_return view.error();
  co_return payload("run", run_object(std::move(*view)));
}

void add_run_mutations(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Mutations mutations{&services.runs, &services.run_control, &services.idempotency,
                            &services.clock};
  constexpr graphql::FieldCost cost{.weight = 20};
  const std::pair<const char*, Step> steps[] = {{"pauseRun", &runs::RunControl::pause},
                                                {"resumeRun", &runs::RunControl::resume},
                                                {"cancelRun", &runs::RunControl::cancel}};
  for (const auto& [name, step] : steps) {
    resolvers.async_field(
        std::string("Mutation.") + name,
        once(mutations,
             [mutations, step = step](ResolveInfo info) { return steer(mutations, step, info); }),
        cost);
  }
  resolvers.async_field(
      "Mutation.retryRun",
      once(mutations, [mutations](ResolveInfo info) { return retry(mutations, info); }), cost);
  for (const char* type :
       {"PauseRunPayload", "ResumeRunPayload", "CancelRunPayload", "RetryRunPayload"})
    add_payload_resolvers(resolvers, type, {"run"});
}

}  // namespace dth::api
