#include "objects/s3/learnt_aids.h"

#include <algorithm>
#include <optional>
#include <string>

namespace dth::objects::s3 {
namespace {

// The cheapest loss first; the precondition, which protects what others write, last.
constexpr TransferAid order[] = {TransferAid::checksum_mode,  TransferAid::listing_encoding,
                                 TransferAid::read_condition, TransferAid::expect_continue,
                                 TransferAid::content_md5,    TransferAid::chunk_signatures,
                                 TransferAid::checksums,      TransferAid::precondition};

// Codes that stores answer with to a header or a form of signing that they do not know. All others
// with a meaning of their own are about something else, and so is a 403 without a code.
bool may_be_about_aid(const Refusal& refusal) {
  const std::string& code = refusal.code;
  const bool is_ambiguous = code == "SignatureDoesNotMatch" ||
                            code == "XAmzContentSHA256Mismatch" || code == "NotImplemented";
  if (!is_ambiguous && has_meaning_of_its_own(code)) return false;
  switch (refusal.status) {
    case 400:
    case 411:
    case 417:
    case 501:
      return true;
    case 403:
      return !code.empty();
    default:
      return false;
  }
}

// Those that a refusal of this kind can be about.
AidSet candidates(const Refusal& refusal, AidSet aids) {
  if (refusal.status == 417) return aids & TransferAid::expect_continue;
  aids = aids - TransferAid::expect_continue;
  // What protects others' objects and the bytes goes only where the store says that it has none.
  if (refusal.status != 501) {
    aids = aids - (AidSet(TransferAid::precondition) | TransferAid::content_md5 |
                   TransferAid::read_condition);
  }
  if (refusal.code == "SignatureDoesNotMatch" || refusal.code == "XAmzContentSHA256Mismatch")
    return aids & TransferAid::chunk_signatures;
  return aids;
}

// The one that the refusal names, of these.
std::optional<TransferAid> named_in(const Refusal& refusal, AidSet aids) {
  struct Name {
    std::string_view text;
    TransferAid aid;
  };
  constexpr Name names[] = {{"x-amz-checksum-mode", TransferAid::checksum_mode},
                            {"checksum", TransferAid::checksums},
                            {"if-none-match", TransferAid::precondition},
                            {"if-match", TransferAid::precondition},
                            {"if-match", TransferAid::read_condition},
                            {"content-md5", TransferAid::content_md5},
                            {"encoding-type", TransferAid::listing_encoding},
                            {"streaming-", TransferAid::chunk_signatures},
                            {"aws-chunked", TransferAid::chunk_signatures},
                            {"x-amz-decoded-content-length", TransferAid::chunk_signatures}};
  std::string text = refusal.message + ' ' + refusal.named;
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const Name& name : names) {
    if (aids.has(name.aid) && text.find(name.text) != text.npos) return name.aid;
  }
  return std::nullopt;
}

std::size_t index_of(AidSet aids) {
  std::size_t index = 0;
  for (const TransferAid aid : order)
    index |= aids.has(aid) ? 1u << static_cast<unsigned>(aid) : 0u;
  return index;
}

}  // namespace

AidSet LearntAids::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void LearntAids::drop(AidSet aids) {
  const std::lock_guard lock(mutex_);
  if ((aids - dropped_).empty()) return;
  dropped_ |= aids;
  forget();
}

// What failed may have failed for what is dropped now.
void LearntAids::forget() {
  failures_.fill(0);
  planned_.fill(false);
  failures_in_all_ = sets_failed_ = 0;
}

void LearntAids::note_failure(AidSet without) {
  std::uint8_t& failures = failures_[index_of(without)];
  if (failures == failures_max) return;
  if (failures++ == 0) ++sets_failed_;
  ++failures_in_all_;
}

void LearntAids::plan(AidSet without, AidTrial* trial) {
  trial->without = (trial->without & dropped_) | without;
  planned_[index_of(trial->without - dropped_)] = true;
}

bool LearntAids::may_try(AidSet without) const {
  if (failures_in_all_ < failures_max) return true;
  return failures_[index_of(without)] == 0 && sets_failed_ < failures_max;
}

bool LearntAids::plan_next_try(const Refusal& refusal, AidSet used, AidTrial* trial) {
  const std::lock_guard lock(mutex_);
  // Learnt by another request while this one was under way.
  if (const AidSet stale = used & dropped_; !stale.empty()) {
    trial->without |= stale;
    return true;
  }
  if (!may_be_about_aid(refusal)) return false;
  const AidSet left_out = trial->without - dropped_;
  if (!left_out.empty()) note_failure(left_out);
  const AidSet possible = candidates(refusal, used | left_out);
  // A store that names another one now did not mind the first any more.
  if (const auto named = named_in(refusal, possible & used); named && may_try(left_out | *named)) {
    trial->tried |= *named;
    plan(left_out | *named, trial);
    return true;
  }
  for (const TransferAid aid : order) {
    if (!possible.has(aid) || trial->tried.has(aid)) continue;
    trial->tried |= aid;
    if (!may_try(aid)) continue;
    plan(aid, trial);
    return true;
  }
  if (possible.is_one() || (possible - left_out).empty() || !may_try(possible)) return false;
  plan(possible, trial);
  return true;
}

AidSet LearntAids::succeeded(AidSet without) {
  const std::lock_guard lock(mutex_);
  AidSet learnt = without - dropped_;
  if (learnt.empty() || !planned_[index_of(learnt)]) return {};
  // With others left out it may have been innocent: it is dropped only where it was the only one.
  if (!learnt.is_one()) learnt = learnt - TransferAid::precondition;
  // Which operation's precondition it is, limits say.
  dropped_ |= learnt - TransferAid::precondition;
  if (!learnt.empty()) forget();
  return learnt;
}

}  // namespace dth::objects::s3
