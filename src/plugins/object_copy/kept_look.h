#pragma once

#include "plugins/object_copy/kept.h"
#include "plugins/object_copy/runner.h"

namespace dth::object_copy {

// What one object is to find out about a destination of unknown kind. What was not settled is left to the next object.
struct ObjectCopyRunner::KeptLook {
  KeptLook(KeptFacts& of, KeptFacts::Claim what) : facts(of), claim(what), in_parts(what.in_parts) {}
  KeptLook(const KeptLook&) = delete;
  ~KeptLook() {
    if (!settled) facts.give_back(claim);
  }
  void settle(CarriedSet lost, KeptFacts::Framing framing) {
    facts.settle(claim, lost, framing);
    settled = true;
  }

  KeptFacts& facts;
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
