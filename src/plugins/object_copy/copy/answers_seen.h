#pragma once

#include <cstdint>

#include "plugins/object_copy/copy/kept.h"
#include "plugins/object_copy/rules/proof.h"

namespace dth::object_copy {

// What the destination's answers to the writes of one lane showed.
class AnswersSeen {
 public:
  // `run`: what the lanes share.
  explicit AnswersSeen(AnswerFacts& run) : run_(run) {}

  void note_etag(const StoredDigests& stored, const Proof& proof) {
    if (stored.opaque_etag) etags_ = EtagsSeen::opaque;
    if (!stored.opaque_etag && proof.algorithm == "MD5") etags_ = EtagsSeen::md5s;
  }

  // `declared`: the source's own digest turned out to be wrong.
  ProofDoubts doubts(bool declared) const {
    return {.declared = declared, .checksums = run_.checksums_unanswered, .etags = etags_};
  }

  // After a write that nothing verifies: does the same copy, sent with another digest, have a
  // chance that this one had not?
  bool learns_from(const ProofPlan& plan, const StoredDigests& stored,
                   const objects::StoreLimits& limits);

  // May the size of one more unverified copy be asked for?
  bool take_size_look() {
    if (size_looks_ == size_looks_max) return false;
    ++size_looks_;
    return true;
  }

 private:
  // A store that keeps something else than it was sent does so every time.
  static constexpr std::uint32_t size_looks_max = 16;

  AnswerFacts& run_;
  EtagsSeen etags_ = EtagsSeen::none;
  std::uint32_t size_looks_ = 0;
};

}  // namespace dth::object_copy
