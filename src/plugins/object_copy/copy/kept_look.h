#pragma once

#include <memory>
#include <optional>

#include "plugins/object_copy/copy/kept.h"

namespace dth::object_copy {

// What one object is to find out about a destination of unknown kind. What was not settled is left
// to the next object.
struct KeptLook {
  KeptLook(std::shared_ptr<KeptFacts> of, KeptFacts::Claim what)
      : facts(std::move(of)), claim(what), in_parts(what.in_parts) {}
  KeptLook(const KeptLook&) = delete;
  ~KeptLook() {
    if (!settled) facts->give_back(claim);
  }
  void settle(CarriedSet lost, KeptFacts::Framing framing) {
    facts->settle(claim, lost, framing);
    settled = true;
  }

  // Nobody may look. True: it was not known before.
  bool settle_denied() {
    settled = true;
    return facts->settle_denied(claim);
  }
  // The object that is looked at may have been sent otherwise than this one.
  void leave_framing() {
    if (claim.framing) facts->give_back({.in_parts = in_parts, .framing = true});
    claim.framing = false;
  }

  std::shared_ptr<KeptFacts> facts;  // a frame that holds this may outlive the lane context
  KeptFacts::Claim claim;
  objects::ObjectMetadata metadata = {};  // as it is sent
  objects::Tags tags = {};
  CarriedSet demanded = {};  // of what it carries
  bool in_parts = false;
  std::optional<std::uint64_t> size = {};  // of the object, where that is to be compared
  bool sent_again = false;  // in place of one with another encoding, which has to be gone now
  bool settled = false;
};

}  // namespace dth::object_copy
