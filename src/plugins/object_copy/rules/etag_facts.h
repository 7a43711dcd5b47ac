#pragma once

#include <array>
#include <atomic>

#include "objects/store_limits.h"

namespace dth::object_copy {

// What a run learns about the ETags of its two places: do two of them that look like MD5s and
// differ show that the objects differ? One for all lanes of a process. Thread-safe.
//
// A listing does not show encryption, and some servers make up 32 random digits, so where nothing
// but the ETags differ both objects are asked about. All of this is found out again by each run, at
// a bounded cost.
class EtagFacts {
 public:
  enum Side { source, destination };
  enum class Md5 {
    unknown,
    yes,
    no,
    unknowable
  };  // of single unencrypted PUTs; unknowable: they may not be read

  // Answers that show KMS, DSSE or SSE-C, after which the ETags of this run are not compared any
  // more.
  static constexpr int encrypted_max = 16;

  // What the store's profile says.
  void promise(Side side, const objects::StoreLimits& limits) {
    if (limits.etag_is_md5) learn(side, Md5::yes);
    if (limits.etag_is_never_md5) learn(side, Md5::no);
  }
  void learn(Side side, Md5 what) { md5_[side].store(what, std::memory_order_relaxed); }
  Md5 md5(Side side) const { return md5_[side].load(std::memory_order_relaxed); }

  void note_encrypted() { encrypted_.fetch_add(1, std::memory_order_relaxed); }
  void note_plain() { plain_.store(true, std::memory_order_relaxed); }
  // Was there a pair of which neither answer showed encryption? Until then pairs are asked about
  // one at a time.
  bool seen_plain() const { return plain_.load(std::memory_order_relaxed); }

  // An object was copied because its ETags differed, and they differ again, or equal objects have
  // unlike ETags.
  void refute() { refuted_.store(true, std::memory_order_relaxed); }

  bool comparable() const {
    return !refuted_.load(std::memory_order_relaxed) &&
           encrypted_.load(std::memory_order_relaxed) < encrypted_max && md5(source) != Md5::no &&
           md5(destination) != Md5::no;
  }

 private:
  std::array<std::atomic<Md5>, 2> md5_{Md5::unknown, Md5::unknown};
  std::atomic<int> encrypted_{0};
  std::atomic<bool> plain_{false};
  std::atomic<bool> refuted_{false};
};

}  // namespace dth::object_copy
