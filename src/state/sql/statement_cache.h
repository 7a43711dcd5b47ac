#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

namespace dth::state::sql {

// Statements of a connection that nobody uses at this moment, by their text. There are at most
// `kept_max`: a program has fewer texts than that, so one that is dropped was put together for a
// rare question.
template <class S>
class StatementCache {
 public:
  static constexpr std::size_t kept_max = 256;

  // Null where there is none. Nobody else gets it while it is in use.
  std::unique_ptr<S> take(const std::string& sql) {
    const auto found = kept_.find(sql);
    if (found == kept_.end()) return nullptr;
    std::unique_ptr<S> statement = std::move(found->second.statement);
    kept_.erase(found);
    return statement;
  }

  // Returns what is not kept, if anything: this one, where there is one of the same text, or the
  // one that was not used for the longest time.
  std::unique_ptr<S> keep(const std::string& sql, std::unique_ptr<S> statement) {
    const auto [place, is_new] = kept_.try_emplace(sql);
    if (!is_new) return statement;
    place->second = {std::move(statement), ++uses_};
    if (kept_.size() <= kept_max) return nullptr;
    const auto oldest = std::min_element(
        kept_.begin(), kept_.end(),
        [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
    std::unique_ptr<S> dropped = std::move(oldest->second.statement);
    kept_.erase(oldest);
    return dropped;
  }

  void clear() { kept_.clear(); }
  std::size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    std::unique_ptr<S> statement;
    std::uint64_t used = 0;  // the greater, the later
  };
  std::unordered_map<std::string, Kept> kept_;
  std::uint64_t uses_ = 0;
};

}  // namespace dth::state::sql
