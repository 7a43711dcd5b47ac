#include "plugins/object_copy/copy/kept.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/encoding.h"

namespace dth::object_copy {
namespace {

using objects::ObjectMetadata;

struct SystemField {
  Carried carried;
  std::string ObjectMetadata::*member;
};
constexpr SystemField system_fields[] = {
    {Carried::content_type, &ObjectMetadata::content_type},
    {Carried::content_encoding, &ObjectMetadata::content_encoding},
    {Carried::content_language, &ObjectMetadata::content_language},
    {Carried::content_disposition, &ObjectMetadata::content_disposition},
    {Carried::cache_control, &ObjectMetadata::cache_control},
    {Carried::expires, &ObjectMetadata::expires},
    {Carried::website_redirect, &ObjectMetadata::website_redirect_location}};

constexpr std::pair<Carried, const char*> carried_names[] = {
    {Carried::content_type, "Content-Type"},
    {Carried::content_encoding, "Content-Encoding"},
    {Carried::content_language, "Content-Language"},
    {Carried::content_disposition, "Content-Disposition"},
    {Carried::cache_control, "Cache-Control"},
    {Carried::expires, "Expires"},
    {Carried::website_redirect, "x-amz-website-redirect-location"},
    {Carried::user_metadata, "user metadata"},
    {Carried::tags, "tags"}};

}  // namespace

CarriedSet carried_by(const ObjectMetadata& metadata, const objects::Tags& tags) {
  CarriedSet carried;
  for (const SystemField& field : system_fields) {
    if (!(metadata.*field.member).empty()) carried |= field.carried;
  }
  if (!metadata.user.empty()) carried |= Carried::user_metadata;
  if (!tags.empty()) carried |= Carried::tags;
  return carried;
}

CarriedSet lost_of(const ObjectMetadata& sent, const objects::Tags& tags,
                   const objects::ObjectHead& found, std::size_t tags_there) {
  CarriedSet lost;
  for (const SystemField& field : system_fields) {
    const std::string& wanted = sent.*field.member;
    if (!wanted.empty() && found.metadata.*field.member != wanted) lost |= field.carried;
  }
  // A store may add entries of its own.
  const auto& there = found.metadata.user;
  const bool all = std::all_of(sent.user.begin(), sent.user.end(), [&](const auto& entry) {
    return std::find(there.begin(), there.end(), entry) != there.end();
  });
  if (!all) lost |= Carried::user_metadata;
  if (tags_there < tags.size()) lost |= Carried::tags;
  return lost;
}

Digest stated_sha256(const objects::Checksums& stated) {
  const auto raw =
      stated.composite || stated.sha256.empty() ? std::nullopt : base64_decode(stated.sha256);
  return raw && raw->size() == 32
             ? Digest(reinterpret_cast<const unsigned char*>(raw->data()), raw->size())
             : Digest();
}

std::string names_of(CarriedSet set) {
  std::vector<std::string> names;
  for (const auto& [carried, name] : carried_names) {
    if (set.has(carried)) names.emplace_back(name);
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

void KeptFacts::set_spent(std::int64_t looks) {
  const std::lock_guard lock(mutex_);
  if (knows_spent_) return;
  looks_left_ -= std::min(looks, looks_left_);
  has_doubts_ = has_doubts_ || looks_left_ == 0;
  knows_spent_ = true;
}

KeptFacts::Claim KeptFacts::claim(CarriedSet carried, bool in_parts, bool framed) {
  const std::lock_guard lock(mutex_);
  Looks& looks = this->looks(in_parts);
  // Without a look nobody can find out any more.
  if (framed && framing_ == Framing::untried && looks_left_ == 0)
    framing_ = Framing::kept_as_encoding;
  const Claim claim{carried - looks.begun, in_parts, framed && framing_ == Framing::untried};
  if (claim.empty() || looks_left_ == 0) return {};
  --looks_left_;
  if (looks_left_ == 0) has_doubts_ = true;
  looks.begun |= claim.carried;
  looks.pending |= claim.carried;
  if (claim.framing) framing_ = Framing::being_tried;
  return claim;
}

void KeptFacts::settle(const Claim& claim, CarriedSet lost, Framing framing) {
  const std::lock_guard lock(mutex_);
  lost_ |= lost;
  if (!lost.empty()) has_doubts_ = true;
  Looks& looks = this->looks(claim.in_parts);
  looks.seen |= claim.carried;
  looks.pending = looks.pending - claim.carried;
  if (claim.framing || framing == Framing::kept_as_encoding) framing_ = framing;
}

void KeptFacts::give_back(const Claim& claim) {
  const std::lock_guard lock(mutex_);
  Looks& looks = this->looks(claim.in_parts);
  looks.begun = looks.begun - claim.carried;
  looks.pending = looks.pending - claim.carried;
  if (claim.framing) framing_ = Framing::untried;
}

bool KeptFacts::settle_denied(const Claim& claim) {
  const std::lock_guard lock(mutex_);
  Looks& looks = this->looks(claim.in_parts);
  looks.pending = looks.pending - claim.carried;
  framing_ = Framing::kept_as_encoding;
  looks_left_ = 0;
  has_doubts_ = true;
  return !std::exchange(denied_, true);
}

CarriedSet KeptFacts::unseen(CarriedSet carried, bool in_parts) const {
  const std::lock_guard lock(mutex_);
  if (looks_left_ > 0) return {};
  const Looks& looks = this->looks(in_parts);
  return carried - looks.seen - looks.pending;
}

void KeptFacts::note_unseen(CarriedSet unseen) {
  const std::lock_guard lock(mutex_);
  if (!denied_) unseen_ |= unseen - unseen_reported_;
}

CarriedSet KeptFacts::take_unseen() {
  const std::lock_guard lock(mutex_);
  unseen_reported_ |= unseen_;
  return std::exchange(unseen_, {});
}

bool KeptFacts::try_claim(FoldingSet foldings) {
  const std::lock_guard lock(mutex_);
  for (Folding folding : all_foldings) {
    if (foldings.test(index_of(folding)) && this->folding(folding) != Fold::untried) return false;
  }
  for (Folding folding : all_foldings) {
    if (foldings.test(index_of(folding))) settle(folding, Fold::being_tried);
  }
  return foldings.any();
}

FoldingSet KeptFacts::folded() const {
  FoldingSet set;
  for (Folding folding : all_foldings)
    set.set(index_of(folding), this->folding(folding) == Fold::folded);
  return set;
}

bool KeptFacts::is_pending(CarriedSet carried, bool in_parts) const {
  const std::lock_guard lock(mutex_);
  return !(looks(in_parts).pending & carried).empty();
}

CarriedSet KeptFacts::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void KeptFacts::note_framing_kept() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(framing_, Framing::kept_as_encoding) == Framing::kept_as_encoding) return;
  framing_unreported_ = true;
}

KeptFacts::Framing KeptFacts::framing() const {
  const std::lock_guard lock(mutex_);
  return framing_;
}

}  // namespace dth::object_copy
