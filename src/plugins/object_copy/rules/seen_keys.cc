#include "plugins/object_copy/rules/seen_keys.h"

#include <algorithm>
#include <functional>

namespace dth::object_copy {
namespace {

constexpr std::uint64_t piece_bits = std::uint64_t{1} << 23;
constexpr int probes = 6;  // with 16 bits a key: one wrong answer in a thousand a piece

// Calls `probe` with each of the key's bits until it says false.
template <class Probe>
bool all_bits(std::string_view key, Probe probe) {
  const std::uint64_t hash = std::hash<std::string_view>()(key);
  const std::uint64_t step = (hash * 0x9E3779B97F4A7C15u >> 32) | 1;
  for (std::uint64_t i = 0, at = hash; i < probes; ++i, at += step) {
    const std::uint64_t bit = at % piece_bits;
    if (!probe(bit / 64, std::uint64_t{1} << (bit % 64))) return false;
  }
  return true;
}

}  // namespace

bool SeenKeys::enter(const std::string& run) {
  const std::lock_guard lock(mutex_);
  if (run_ == run) return false;
  is_complete_ = run_.empty();
  run_ = run;
  return is_complete_;
}

SeenKeys::~SeenKeys() { forget_locked(); }

void SeenKeys::forget() {
  const std::lock_guard lock(mutex_);
  forget_locked();
}

void SeenKeys::forget_locked() {
  is_complete_ = false;
  if (permits_) permits_->give_back(static_cast<std::uint32_t>(pieces_.size()));
  pieces_.clear();
}

void SeenKeys::compare_with(std::int64_t listed) {
  const std::lock_guard lock(mutex_);
  if (static_cast<std::int64_t>(keys_) != listed) forget_locked();
}

void SeenKeys::add(std::string_view key) {
  const std::lock_guard lock(mutex_);
  if (!is_complete_) return;
  const bool is_piece_full = keys_ % keys_per_piece == 0;
  if (keys_ == keys_max_ || (is_piece_full && permits_ && !permits_->try_take()))
    return forget_locked();
  if (is_piece_full) pieces_.push_back(std::make_unique<Piece>());
  ++keys_;
  Piece& piece = *pieces_.back();
  all_bits(key, [&](std::size_t word, std::uint64_t bit) {
    piece[word] |= bit;
    return true;
  });
}

Seen SeenKeys::find(const std::string& run, std::string_view key) const {
  const std::lock_guard lock(mutex_);
  if (!is_complete_ || run_ != run) return Seen::unknown;
  const bool found = std::any_of(pieces_.begin(), pieces_.end(), [&](const auto& piece) {
    return all_bits(
        key, [&](std::size_t word, std::uint64_t bit) { return ((*piece)[word] & bit) != 0; });
  });
  return found ? Seen::yes : Seen::no;
}

}  // namespace dth::object_copy
