#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/shared_permits.h"

namespace dth::object_copy {

// Was a key listed before, by this run? Nothing that may be there is forgotten, so a later listing
// that lacks a key of these contradicts the earlier one.
enum class Seen : std::uint8_t {
  no,
  yes,      // or, once in a thousand times, not
  unknown,  // another process listed it, or too much was listed
};

// The keys that a run listed at the source in this process: a Bloom filter, since a key each would
// be a copy of the bucket's listing in memory. It grows in pieces of 1 MiB for 500,000 keys; of
// more than 16 million keys nothing is known. Thread-safe: the run's lanes share it.
class SeenKeys {
 public:
  static constexpr std::size_t pieces_max = 32;
  static constexpr std::size_t keys_per_piece = 500'000;

  // `pieces`: how many the runs of this process may have together; outlives it. Where there are no
  // more of them nothing is known.
  explicit SeenKeys(engine::SharedPermits* pieces = nullptr,
                    std::size_t keys_max = pieces_max * keys_per_piece)
      : permits_(pieces), keys_max_(keys_max) {}
  ~SeenKeys();
  SeenKeys(const SeenKeys&) = delete;
  SeenKeys& operator=(const SeenKeys&) = delete;

  // A listing of this run begins in this process. True: it is the first one; the caller says by
  // forget() if an earlier process listed a part. Keys of two runs cannot be told apart: then
  // nothing is known of either.
  bool enter(const std::string& run);
  // What was seen is not all of it.
  void forget();

  // Precondition: the run has entered.
  void add(std::string_view key);

  // The run has listed so many keys by now, all processes together: where those are more than were
  // added here, another process has listed a part, and what was seen is not all of it.
  void compare_with(std::int64_t listed);

  Seen find(const std::string& run, std::string_view key) const;

 private:
  static constexpr std::size_t words = (1 << 20) / sizeof(std::uint64_t);
  using Piece = std::array<std::uint64_t, words>;
  void forget_locked();
  engine::SharedPermits* const permits_;
  const std::size_t keys_max_;
  mutable std::mutex mutex_;
  std::string run_;
  bool is_complete_ = false;
  std::size_t keys_ = 0;
  std::vector<std::unique_ptr<Piece>> pieces_;
};

}  // namespace dth::object_copy
