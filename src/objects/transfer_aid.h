#pragma once

#include <cstdint>

namespace dth::objects {

// What makes transfers cheaper or better proved, and what a request can do without where the store
// refuses it. Encryption, object lock, ACLs, tags, storage classes and metadata are not aids: they
// are never left out.
enum class TransferAid : std::uint8_t {
  checksum_mode,     // reads: the store is asked to state the object's checksums
  expect_continue,   // writes: a large body waits until the store agrees to take it
  chunk_signatures,  // writes: a body is signed chunk by chunk as it is sent; else its SHA-256 is
                     // needed beforehand
  checksums,         // writes: checksums in the request's headers, and the algorithm that an upload
                     // announces
  content_md5,       // writes: Content-MD5
  listing_encoding,  // listings: keys are asked for as URLs have them; else some cannot be listed
  read_condition,    // reads: If-Match; the ETag that is answered is compared in any case
  precondition,      // writes: If-None-Match and If-Match. Not a mere aid: left out only where the
                     // store says 501
};

class AidSet {
 public:
  constexpr AidSet() = default;
  constexpr AidSet(TransferAid aid) : bits_(bit(aid)) {}
  constexpr bool has(TransferAid aid) const { return (bits_ & bit(aid)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool is_one() const { return bits_ != 0 && (bits_ & (bits_ - 1)) == 0; }
  constexpr AidSet operator|(AidSet other) const {
    return AidSet(static_cast<std::uint8_t>(bits_ | other.bits_));
  }
  constexpr AidSet operator&(AidSet other) const {
    return AidSet(static_cast<std::uint8_t>(bits_ & other.bits_));
  }
  constexpr AidSet operator-(AidSet other) const {
    return AidSet(static_cast<std::uint8_t>(bits_ & ~other.bits_));
  }
  constexpr AidSet& operator|=(AidSet other) { return *this = *this | other; }
  constexpr bool operator==(const AidSet&) const = default;

 private:
  static constexpr std::uint8_t bit(TransferAid aid) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(aid));
  }
  explicit constexpr AidSet(std::uint8_t bits) : bits_(bits) {}
  std::uint8_t bits_ = 0;
};

// The tries of one write whose request was refused, kept by its caller from try to try. A store
// that refuses sets `without` to what the next try leaves out; success of that try is what teaches
// the store that it does not have these.
struct AidTrial {
  AidSet without;
  AidSet tried;  // each of these was left out alone
};

}  // namespace dth::objects
