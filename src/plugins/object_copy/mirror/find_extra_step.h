#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/job_runner.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/mirror/failures_of_run.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/mirror/renamed.h"
#include "plugins/object_copy/rules/seen_keys.h"

namespace dth::object_copy {

// Which keys the run listed at the source before.
struct SeenBefore {
  const SeenKeys& keys;
  std::string run;
};

// Collects what was found until it is recorded.
class FindExtraStep {
 public:
  // `only`: extra is what is extra and one of these; null: whatever is extra.
  FindExtraStep(const CopyOptions& options, const CopyTuning& tuning, const KeySet* only,
                RenameWatch watch, SeenBefore seen, FindExtraPayload payload)
      : options_(options),
        tuning_(tuning),
        only_(only),
        watch_(watch),
        seen_(std::move(seen)),
        payload_(std::move(payload)) {}

  // Which prefixes of the source are looked at, one after the other: what lies under none of them
  // is never seen.
  const std::string& prefix() const {
    return options_.list == SourceList::prefixes ? options_.prefixes[payload_.prefix]
                                                 : options_.source_key;
  }
  bool has_more_prefixes() const {
    return options_.list == SourceList::prefixes && payload_.prefix + 1 < options_.prefixes.size();
  }
  void go_to_next_prefix() {
    ++payload_.prefix;
    payload_.after.reset();
  }

  // `key` is relative to prefix(); the source's page was asked for at `asked_at`, and it is `now`.
  void see(std::string_view key, const objects::ObjectInfo* source,
           const objects::ObjectInfo* destination, MonotonicTime asked_at, TimePoint now);

  // Is it time to record?
  bool due() const {
    return exceeded_ || keys_ >= tuning_.scan_keys_per_step_max ||
           finished_.effects.jobs.size() >= jobs_max;
  }
  const std::optional<Error>& brake() const { return exceeded_; }
  void stop_for(Error why) { exceeded_ = std::move(why); }
  const FindExtraPayload& payload() const { return payload_; }

  engine::Finished take();

  // Before conclude(), where deletions need an approval: what was planned and decided before.
  void set_plan(std::optional<state::PlannedDeletions> plan) { plan_ = std::move(plan); }

  // A brake tripped on the way: what was not handed out stays.
  engine::Finished abandon();

  // Both listings were read to their ends.
  engine::Finished conclude(TimePoint now);

 private:
  static constexpr std::size_t jobs_max = 16;
  static constexpr std::size_t hidden_max = 1'000;

  // A folder marker of the destination's own prefix: the place, and nothing in it.
  bool is_place_itself(const objects::ObjectInfo& destination) const;

  // Would this run copy it?
  bool is_taken(const objects::ObjectInfo& source) const;

  // What the rules for sizes and times would leave out at the source is spared, as by the rules for
  // keys: neither counted nor deleted. The source's time is known where it is recorded with the
  // copy; what is not known is spared.
  bool is_spared(const objects::ObjectInfo& destination) const;

  // Does what the survey found need an approval that it does not have?
  bool must_wait() const;
  // The run waits for an approval, and then counts again.
  void ask_for_approval(TimePoint now);
  // A survey from the beginning.
  state::NewJob count_again() const;

  // What is extra in there cannot be removed: an item that failed.
  void leave(const objects::ObjectInfo& hiding, TimePoint now);
  bool remember_hidden(const std::string& hidden);

  Extra extra_of(const objects::ObjectInfo& info) const;

  void keep(const objects::ObjectInfo& destination);

  void add(Extra extra, ListedAt listed);

  void close_batch();

  void preview(TimePoint now);

  const CopyOptions& options_;
  const CopyTuning& tuning_;
  const KeySet* only_;
  const RenameWatch watch_;
  const SeenBefore seen_;
  FindExtraPayload payload_;
  engine::Finished finished_;
  std::vector<Extra> batch_;
  ListedAt batch_listed_;  // of its first: pages are asked for one after the other
  MonotonicTime asked_at_{};
  std::optional<state::PlannedDeletions> plan_;
  bool outgrown_ = false;  // the second job met more than is approved
  std::optional<Error> exceeded_;
  std::uint32_t keys_ = 0;
};

}  // namespace dth::object_copy
