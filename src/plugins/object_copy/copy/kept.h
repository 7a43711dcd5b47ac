#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "objects/object_store.h"
#include "plugins/object_copy/rules/folding.h"

namespace dth::object_copy {

// What a destination of unknown kind keeps of what is written with an object's bytes. Some stores
// drop headers, and some keep the name of the request's framing ("aws-chunked") as the object's own
// encoding. They answer 200 all the same, so the first objects that carry something are checked by
// HEAD.

// What can be written with an object besides its bytes.
enum class Carried : std::uint8_t {
  content_type,
  content_encoding,
  content_language,
  content_disposition,
  cache_control,
  expires,
  website_redirect,
  user_metadata,
  tags,
};

class CarriedSet {
 public:
  constexpr CarriedSet() = default;
  constexpr CarriedSet(Carried one)
      : bits_(static_cast<std::uint16_t>(1u << static_cast<unsigned>(one))) {}
  constexpr bool has(Carried one) const { return (bits_ & CarriedSet(one).bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr CarriedSet operator|(CarriedSet other) const {
    return CarriedSet(static_cast<std::uint16_t>(bits_ | other.bits_));
  }
  constexpr CarriedSet operator&(CarriedSet other) const {
    return CarriedSet(static_cast<std::uint16_t>(bits_ & other.bits_));
  }
  constexpr CarriedSet operator-(CarriedSet other) const {
    return CarriedSet(static_cast<std::uint16_t>(bits_ & ~other.bits_));
  }
  constexpr CarriedSet& operator|=(CarriedSet other) { return *this = *this | other; }
  constexpr bool operator==(const CarriedSet&) const = default;

 private:
  explicit constexpr CarriedSet(std::uint16_t bits) : bits_(bits) {}
  std::uint16_t bits_ = 0;
};

CarriedSet carried_by(const objects::ObjectMetadata& metadata, const objects::Tags& tags);

// Of what was sent, what is not there as it was sent. `tags_there`: how many tags the object has.
CarriedSet lost_of(const objects::ObjectMetadata& sent, const objects::Tags& tags,
                   const objects::ObjectHead& found, std::size_t tags_there);

// The SHA-256 that a source states of the whole object: empty where it states none.
Digest stated_sha256(const objects::Checksums& stated);

// "Cache-Control, Content-Language and user metadata"
std::string names_of(CarriedSet set);

// What a destination's answers showed. Shared by the lanes of a run; none of it is taken back.
struct AnswerFacts {
  std::atomic<bool> checksums_unanswered{
      false};  // it takes checksums and answers none, whatever its profile says
  std::atomic<bool> parts_need_checksums{false};  // of uploads that announce one
  std::atomic<bool> within_refused{false};        // it does not copy within itself
  std::atomic<bool> encryption_ignored{false};    // it stored plain what was to be encrypted
};

// What was learnt of one destination: shared by the lanes of a run in one process. Thread-safe.
class KeptFacts {
 public:
  static constexpr std::int64_t looks_max = 16;  // of a run

  // May bodies be framed in chunks?
  enum class Framing {
    untried,
    being_tried,       // by one object; others go without
    taken_apart,       // yes: the object's encoding is as it was sent
    kept_as_encoding,  // no, or nobody can find out
  };

  AnswerFacts answers;

  // How many looks the run has had before this process took it up. Asked for once.
  bool knows_spent() const { return knows_spent_; }
  void set_spent(std::int64_t looks);

  // What one look is to find out; nothing: there is no look.
  struct Claim {
    CarriedSet carried = {};
    bool in_parts = false;
    bool framing = false;
    bool empty() const { return carried.empty() && !framing; }
  };
  // What nobody has looked for yet of an object that goes up in this way; empty where no look is
  // left. It is the caller's to look for, and then to settle() or to give_back(). `framed`: its
  // body is framed in chunks.
  Claim claim(CarriedSet carried, bool in_parts, bool framed);
  void settle(const Claim& claim, CarriedSet lost, Framing framing);
  void give_back(const Claim& claim);
  // Nobody may look: what was not found out stays unknown. True: this is the first that says so.
  bool settle_denied(const Claim& claim);
  // Is somebody looking for one of these right now?
  bool is_pending(CarriedSet carried, bool in_parts) const;
  CarriedSet lost() const;
  // Of these, what nobody has found out and nobody will, as no look is left.
  CarriedSet unseen(CarriedSet carried, bool in_parts) const;
  // Is anything lost or can anything be unseen?
  bool has_doubts() const { return has_doubts_; }
  // What went unseen although an option asks for it, to be reported once. Nothing where looking is
  // denied, which is reported by itself.
  void note_unseen(CarriedSet unseen);
  CarriedSet take_unseen();
  Framing framing() const;
  // Seen among the bytes of an object or a part: bodies go without from now on.
  void note_framing_kept();
  // Was that learnt and not reported yet? True once.
  bool take_framing_kept() { return framing_unreported_.exchange(false); }

  // Does the store take two names for one? `kept`: it does not, or nobody may find out. `folded`:
  // it does, or may well do.
  enum class Fold { untried, being_tried, kept, folded };
  // True: all of these are the caller's to find out, and then to settle(); with `untried` if it
  // could not. False: some were claimed already, and none is the caller's.
  bool try_claim(FoldingSet foldings);
  void settle(Folding folding, Fold found) { foldings_[index_of(folding)] = found; }
  Fold folding(Folding folding) const { return foldings_[index_of(folding)]; }
  FoldingSet folded() const;

  // Names that the store may change are written one at a time. True: it is the caller's turn, until
  // it leaves.
  bool try_take_turn() { return !turn_taken_.exchange(true); }
  void leave_turn() { turn_taken_ = false; }

 private:
  mutable std::mutex mutex_;
  std::atomic<bool> knows_spent_{false}, turn_taken_{false}, has_doubts_{false},
      framing_unreported_{false};
  std::array<std::atomic<Fold>, folding_count> foldings_ = {};
  std::int64_t looks_left_ = looks_max;
  struct Looks {
    CarriedSet begun;    // by somebody
    CarriedSet pending;  // of these, not settled yet
    CarriedSet seen;     // of these, found out
  };
  Looks& looks(bool in_parts) { return in_parts ? looks_in_parts_ : looks_in_one_; }
  const Looks& looks(bool in_parts) const { return in_parts ? looks_in_parts_ : looks_in_one_; }
  Looks looks_in_one_, looks_in_parts_;
  CarriedSet lost_, unseen_, unseen_reported_;
  bool denied_ = false;
  Framing framing_ = Framing::untried;
};

// Who claimed such questions answers them, or leaves them to others.
class FoldingTrial {
 public:
  FoldingTrial(std::shared_ptr<KeptFacts> facts, FoldingSet claimed)
      : facts_(std::move(facts)), claimed_(claimed) {}
  FoldingTrial(const FoldingTrial&) = delete;
  ~FoldingTrial() {
    for (Folding folding : all_foldings) {
      const bool is_open = claimed_.test(index_of(folding)) &&
                           facts_->folding(folding) == KeptFacts::Fold::being_tried;
      if (is_open) facts_->settle(folding, KeptFacts::Fold::untried);
    }
  }

 private:
  std::shared_ptr<KeptFacts> facts_;  // a frame that holds this may outlive the lane context
  FoldingSet claimed_;
};

}  // namespace dth::object_copy
