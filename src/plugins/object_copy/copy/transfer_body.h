#pragma once

#include <optional>

#include "base/body.h"

namespace dth::object_copy {

// A source's bytes on their way into a PUT, hashed as they pass where that is asked for. The first
// span has been read ahead, so that a small body is known whole before its PUT's headers are
// written.
class TransferBody final : public Body {
 public:
  // `inner` has given `first` and nothing else; both outlive this. `also`: a second digest of the
  // same bytes.
  TransferBody(Body& inner, Bytes first, std::optional<HashAlgorithm> algorithm,
               std::optional<HashAlgorithm> also = {});

  std::uint64_t size() const override { return inner_.size(); }
  Async<Result<Bytes>> next() override;
  std::optional<Result<Bytes>> try_next() override;
  // Possible while nothing but the first span was read: of a whole body, always.
  bool rewind() override;

  // Is all of it in memory?
  bool is_whole() const { return first_.size() == inner_.size(); }

  // Of a whole body, before it is sent; or of any body after its end.
  std::optional<Digest> digest() { return main_.digest(); }
  std::optional<Digest> also() { return also_.digest(); }

 private:
  struct Digesting {
    Digesting(std::optional<HashAlgorithm> algorithm, Bytes first, bool is_whole);
    std::optional<Digest> digest();
    std::optional<Hasher> hasher_;
    std::optional<Digest> digest_;
  };

  Body& inner_;
  Bytes first_;
  bool first_given_ = false;
  bool beyond_first_ = false;
  Digesting main_, also_;
};

// Reads the rest of a body that hashes, for its digests.
Async<Result<void>> read_to_end(TransferBody& body);

}  // namespace dth::object_copy
