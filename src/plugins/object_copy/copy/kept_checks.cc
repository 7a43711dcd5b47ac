#include "plugins/object_copy/copy/kept_checks.h"

#include "base/encoding.h"
#include "objects/etag.h"
#include "plugins/object_copy/counters.h"

namespace dth::object_copy {
namespace {

using Framing = KeptFacts::Framing;

constexpr std::chrono::milliseconds look_poll_interval{20};

constexpr int look_polls_max = 6'000;

// What options ask for by name has to be there.
CarriedSet demanded_by(const CopyOptions& options, CarriedSet carried) {
  const DestinationOptions& wanted = options.at_destination;
  if (wanted.fidelity == Fidelity::strict) return carried;
  CarriedSet demanded = carried_by(wanted.metadata, wanted.tags);
  if (wanted.keeps_tags) demanded |= Carried::tags;
  return demanded & carried;
}

Error lost_error(const CopyOptions& options, CarriedSet lost) {
  const bool strict = options.at_destination.fidelity == Fidelity::strict;
  const std::string names = names_of(lost);
  return Error{ErrorCode::unsupported,
               "the destination does not keep " + names + " as sent, and " +
                   (strict ? "--fidelity strict does not allow that. Use another destination, or "
                             "--fidelity report"
                           : "an option asks for it. Use another destination, or omit the option"),
               ""};
}

std::string lost_warning(const objects::ObjectStore& store, CarriedSet lost,
                         const std::string& key) {
  return store.describe() + " does not keep " + names_of(lost) + " as sent (seen at " +
         printable(key) + "). Copies there are without. With --fidelity strict such objects fail";
}

std::string framing_warning(const objects::ObjectStore& store) {
  return store.describe() +
         " keeps the framing of signed requests (aws-chunked) with objects. Larger bodies are read "
         "twice instead, so that they can "
         "be sent without it";
}

// Some stores keep the headers of an object that is replaced where the new one has none.
Error encoding_error() {
  return Error{ErrorCode::unsupported,
               "the destination keeps the framing of a signed request (aws-chunked) as the "
               "object's encoding, also when it is written again "
               "without. The bytes are right. Remove the object there and copy again",
               ""};
}

Error unseen_error(CarriedSet unseen) {
  return Error{ErrorCode::unsupported,
               "whether the destination keeps " + names_of(unseen) +
                   " as sent could not be checked, and --fidelity strict demands it. Allow reading "
                   "there (s3:GetObject), name the store's kind with "
                   "--destination-vendor, or use --fidelity report",
               ""};
}

std::string denied_warning(const objects::ObjectStore& store, const Error& error) {
  return store.describe() +
         ": what it keeps of headers and metadata could not be checked: " + error.to_string() +
         ". Allow reading (s3:GetObject), or name the store's kind with --destination-vendor";
}

}  // namespace

Async<Result<void>> KeptChecks::count_looks(engine::JobContext* context) {
  const std::string run = context->job().run;
  auto found =
      co_await context->with_state([&](state::State& state) { return state.runs().find_run(run); });
  if (found.has_error()) co_return found.error();
  lane_.kept->set_spent(found->counts[Counter::requests_look]);
  co_return Result<void>();
}

bool KeptChecks::goes_unframed(const objects::StoreLimits& limits,
                               const CopyAttempt& attempt) const {
  if (!limits.payload_always_signed || limits.payload_digest_ahead) return false;
  const Framing framing = lane_.kept->framing();
  if (framing == Framing::kept_as_encoding)
    lane_.stores.destination.go_without(objects::TransferAid::chunk_signatures);
  return framing == Framing::kept_as_encoding || framing == Framing::being_tried ||
         attempt.unframed;
}

Async<Result<bool>> KeptChecks::find_framing(CopyAttempt* attempt, std::uint64_t size) {
  auto there =
      co_await lane_.destination->head(lane_.options.destination_key_of(attempt->item.key), "");
  if (there.has_error() &&
      (is_retryable(there.error().code) || there.error().code == ErrorCode::cancelled))
    co_return there.error();
  const bool is_seen = there.has_value() && there->info.size.known();
  if (is_seen && there->info.size == size) co_return false;
  attempt->unframed = true;
  if (is_seen) lane_.kept->note_framing_kept();
  co_return true;
}

std::optional<Error> KeptChecks::find_lost(const objects::ObjectMetadata& metadata,
                                           const objects::Tags& tags, bool in_parts) const {
  if (!lane_.kept->has_doubts()) return std::nullopt;
  const CarriedSet demanded = demanded_by(lane_.options, carried_by(metadata, tags));
  if (const CarriedSet lost = lane_.kept->lost() & demanded; !lost.empty())
    return lost_error(lane_.options, lost);
  return find_unseen(demanded, in_parts);
}

// What has to be kept, where nobody looks any more: a failure where nothing may be lost, else one
// warning of the run.
std::optional<Error> KeptChecks::find_unseen(CarriedSet demanded, bool in_parts) const {
  const CarriedSet unseen = lane_.kept->unseen(demanded, in_parts);
  if (unseen.empty()) return std::nullopt;
  if (lane_.options.at_destination.fidelity == Fidelity::strict) return unseen_error(unseen);
  lane_.kept->note_unseen(unseen);
  return std::nullopt;
}

void KeptChecks::report(engine::Finished* finished) {
  if (lane_.kept->take_framing_kept())
    finished->effects.warnings.push_back(framing_warning(lane_.stores.destination));
  if (!lane_.kept->has_doubts()) return;
  const CarriedSet unseen = lane_.kept->take_unseen();
  if (unseen.empty()) return;
  finished->effects.warnings.push_back(
      lane_.stores.destination.describe() + ": whether it keeps " + names_of(unseen) +
      ", which an option asks for, was not checked: the " + std::to_string(KeptFacts::looks_max) +
      " looks of this run are used up. Check some objects there, or run again");
}

Result<std::unique_ptr<KeptLook>> KeptChecks::plan_look(const objects::ObjectMetadata& metadata,
                                                        const objects::Tags& tags, bool in_parts,
                                                        bool framed) {
  if (auto lost = find_lost(metadata, tags, in_parts)) return *lost;
  const CarriedSet carried = carried_by(metadata, tags);
  const CarriedSet demanded = demanded_by(lane_.options, carried);
  const KeptFacts::Claim claim = lane_.kept->claim(carried, in_parts, framed);
  if (claim.empty() && !lane_.kept->is_pending(demanded, in_parts))
    return std::unique_ptr<KeptLook>();
  auto look = std::make_unique<KeptLook>(lane_.kept, claim);
  look->metadata = metadata;
  look->tags = tags;
  look->demanded = demanded;
  look->in_parts = in_parts;
  return look;
}

Result<std::unique_ptr<KeptLook>> KeptChecks::plan_look_at_put(CopyAttempt* attempt,
                                                               objects::PutRequest* request,
                                                               bool framed) {
  if (attempt->sent_again)
    request->precondition = {
        .if_absent = false, .if_match = attempt->item.destination_etag, .always = true};
  auto look = plan_look(request->metadata, request->properties.tags, false, framed);
  if (look.has_error() || !attempt->sent_again) return look;
  if (!*look) {
    *look = std::make_unique<KeptLook>(lane_.kept, KeptFacts::Claim{});
    (*look)->metadata = request->metadata;
    (*look)->tags = request->properties.tags;
  }
  (*look)->sent_again = true;
  return look;
}

// What an option asks for is known to be kept, or the object does not count as copied: waits for
// those who look for it. Nothing is held meanwhile.
Async<Result<void>> KeptChecks::wait_for_looks(KeptLook* look) {
  for (int polls = 0; lane_.kept->is_pending(look->demanded, look->in_parts); ++polls) {
    if (polls == look_polls_max)
      co_return Error{ErrorCode::unavailable,
                      "whether the destination keeps the headers and metadata that an option asks "
                      "for is not known yet; the object that shows it is still "
                      "under way. Run again to copy this one",
                      ""};
    auto slept = co_await lane_.clock.sleep_for(look_poll_interval);
    if (slept.has_error()) co_return slept.error();
  }
  const CarriedSet lost = lane_.kept->lost() & look->demanded;
  if (!lost.empty()) co_return lost_error(lane_.options, lost);
  look->claim = lane_.kept->claim(look->demanded, look->in_parts, false);  // nobody found out
  look->settled = false;
  if (auto unseen = find_unseen(look->demanded, look->in_parts)) co_return *unseen;
  co_return Result<void>();
}

Async<Result<bool>> KeptChecks::check(KeptLook* look, std::string key, std::string etag,
                                      std::vector<std::string>* warnings,
                                      const objects::ObjectHead* found) {
  const bool framing_shown = found && found->framing_kept;
  if (look->claim.empty() && !look->sent_again && !framing_shown) {
    auto waited = co_await wait_for_looks(look);
    if (waited.has_error()) co_return waited.error();
    if (look->claim.empty()) co_return true;
  }
  Result<objects::ObjectHead> asked = Error{};
  if (!found) {
    ++lane_.looks;
    asked = co_await lane_.destination->head(key, "");
    if (asked.has_error()) co_return settle_denied_look(look, asked.error(), warnings);
    found = &*asked;
  }
  if (look->size && found->info.size.known() && found->info.size.value() != *look->size) {
    // The frames lie among the bytes, each time: whatever its ETag says.
    lane_.kept->note_framing_kept();  // what it carries, the next one shows
    co_return false;
  }
  const bool is_another =
      !etag.empty() && !found->info.etag.empty() && !objects::is_same_etag(found->info.etag, etag);
  if (is_another && !found->framing_kept) co_return true;  // somebody else's: it tells nothing
  std::size_t tags_there = found->tag_count;
  if (look->tags.size() > tags_there) {
    auto tags = co_await lane_.destination->get_tags(key, "");
    if (tags.has_value()) tags_there = tags->size();
  }
  const CarriedSet lost = lost_of(look->metadata, look->tags, *found, tags_there);
  look->settle(lost, found->framing_kept ? Framing::kept_as_encoding : Framing::taken_apart);
  if (found->framing_kept && look->sent_again) co_return encoding_error();
  if (found->framing_kept) {
    warnings->push_back(framing_warning(lane_.stores.destination));
    co_return false;
  }
  const CarriedSet demanded = demanded_by(lane_.options, lost);
  if (const CarriedSet others = lost - demanded; !others.empty())
    warnings->push_back(lost_warning(lane_.stores.destination, others, key));
  if (!demanded.empty()) co_return lost_error(lane_.options, demanded);
  co_return true;
}

// The look failed. What it was to find out stays unknown.
Result<bool> KeptChecks::settle_denied_look(KeptLook* look, const Error& error,
                                            std::vector<std::string>* warnings) {
  if (error.code == ErrorCode::cancelled || error.code == ErrorCode::unauthenticated) return error;
  if (is_retryable(error.code)) return error;  // passing: it says nothing about what may be read
  if (error.code == ErrorCode::not_found) {
    return Error{
        ErrorCode::unavailable,
        "the destination says that it stored the object, and does not find it: " + error.message,
        error.detail};
  }
  if (look->settle_denied()) warnings->push_back(denied_warning(lane_.stores.destination, error));
  // Nobody knows how the object was stored. Without the framing there is no doubt about its
  // encoding.
  if (look->claim.framing) return false;
  if (auto unseen = find_unseen(look->demanded, look->in_parts)) return *unseen;
  return true;
}

}  // namespace dth::object_copy
