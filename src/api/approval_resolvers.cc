// Deletions that wait for an approval.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/user_errors.h"
#include "api/values.h"
#include "runs/deletions.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using Done = Idempotency::Done;

// What a mutation needs; lives as long as the engine.
struct DecisionServices {
  RunReader* runs;
  runs::RunControl* control;
  Idempotency* idempotency;
  Clock* clock;
};

json::object deletions_object(const state::PlannedDeletions& plan) {
  json::object object;
  object["count"] = plan.count;
  object["destinationCount"] = plan.destination_count;
  object["countedAt"] = format_time(plan.counted_at);
  if (plan.decision) {
    object["decision"] = enum_name(state::to_string(*plan.decision));
    object["decidedBy"] = shown(plan.decided_by);
    object["decidedAt"] = format_time(plan.decided_at);
  } else {
    for (const char* field : {"decision", "decidedBy", "decidedAt"}) object[field] = nullptr;
  }
  json::array keys;
  for (const std::string& key : plan.sample_keys) keys.push_back(json::string(shown(key)));
  object["sampleKeys"] = std::move(keys);
  return object;
}

Async<Result<Resolved>> resolve_deletions(RunReader* runs, ResolveInfo info) {
  const RunView& view = info.parent_as<RunView>();
  if (view.spec.action != options::Action::sync) co_return Resolved();
  const std::string id = view.run.id;
  auto plan = co_await runs->state().read(
      client_of(info), [&](state::State& state) { return state.runs().planned_deletions(id); });
  if (plan.has_error()) co_return plan.error();
  if (!*plan) co_return Resolved();
  co_return Resolved(json::value(deletions_object(**plan)));
}

Result<Done> refused_with(const Error& error, std::vector<std::string> field) {
  auto refusal = user_error_of(error, std::move(field));
  if (!refusal) return error;
  return Done{"", refused(std::move(*refusal))};
}

Result<Done> done_with(runs::Steered steered) {
  if (steered.view.has_error()) return Done{steered.run, steered.view.error()};
  return Done{steered.run, payload("run", run_object(std::move(*steered.view)))};
}

Async<Result<Done>> approve(DecisionServices decisions, ResolveInfo info) {
  const json::object& input = object_argument(info.arguments, "input");
  const std::string run(input.at("runId").as_string());
  const auto count = input.at("expectedCount").to_number<std::int64_t>();
  const state::AuditEntry by = audit_entry(info, decisions.clock->now());
  const auto work = [&](state::State&) {
    return decisions.control->approve_deletions(run, count, by);
  };
  auto approval = co_await decisions.runs->state().read(client_of(info), work);
  std::vector<std::string> field{"input", "runId"};
  if (approval.has_error()) co_return refused_with(approval.error(), std::move(field));
  if (approval->planned == count) co_return done_with(std::move(approval->steered));
  UserError error{UserErrorCode::stale_revision,
                  runs::about_another_count(run, approval->planned, count)};
  error.field = {"input", "expectedCount"};
  co_return Done{"", refused(std::move(error))};
}

Async<Result<Done>> reject(DecisionServices decisions, ResolveInfo info) {
  const json::object& input = object_argument(info.arguments, "input");
  const std::string run(input.at("runId").as_string());
  std::string comment;
  if (const json::value* given = input.if_contains("comment"); given && given->is_string())
    comment = given->as_string();
  const state::AuditEntry by = audit_entry(info, decisions.clock->now());
  const auto work = [&](state::State&) {
    return decisions.control->reject_deletions(run, comment, by);
  };
  auto steered = co_await decisions.runs->state().read(client_of(info), work);
  std::vector<std::string> field{"input", "runId"};
  if (steered.has_value()) co_return done_with(std::move(*steered));
  if (steered.error().code == ErrorCode::invalid_argument) field.back() = "comment";
  co_return refused_with(steered.error(), std::move(field));
}

using Work = Async<Result<Done>> (*)(DecisionServices, ResolveInfo);

graphql::AsyncResolver once(DecisionServices decisions, Work carry_out) {
  return [decisions, carry_out](ResolveInfo info) {
    Idempotency::Work work = [decisions, carry_out, info] { return carry_out(decisions, info); };
    Idempotency::Replay again = [runs = decisions.runs, client = client_of(info)](std::string id) {
      return replay_run(runs, client, std::move(id));
    };
    return decisions.idempotency->once(info, std::move(work), std::move(again));
  };
}

}  // namespace

void add_approval_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const DecisionServices decisions{&services.runs, &services.run_control, &services.idempotency,
                                   &services.clock};
  RunReader* runs = &services.runs;
  resolvers.json_object("PlannedDeletions");
  resolvers.async_field("Run.deletions",
                        [runs](ResolveInfo info) { return resolve_deletions(runs, info); },
                        {.weight = 10});
  constexpr graphql::FieldCost cost{.weight = 20};
  resolvers.async_field("Mutation.approveDeletions", once(decisions, approve), cost);
  resolvers.async_field("Mutation.rejectDeletions", once(decisions, reject), cost);
  for (const char* type : {"ApproveDeletionsPayload", "RejectDeletionsPayload"})
    add_payload_resolvers(resolvers, type, {"run"});
}

}  // namespace dth::api
