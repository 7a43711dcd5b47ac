#include "bucket.h"

namespace dth::bench {
namespace {

// The least string greater than all that begin with `prefix`; nothing where there is none.
std::optional<std::string> after_all(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

// The bucket's keys in order, those put and those synthetic merged.
class Cursor {
 public:
  explicit Cursor(const Bucket& bucket) : bucket_(bucket), indices_(bucket.synthetic.size()) {}

  void seek(std::string_view key) {
    stored_ = bucket_.objects.lower_bound(key);
    for (std::size_t i = 0; i < indices_.size(); ++i)
      indices_[i] = bucket_.synthetic[i]->lower_bound(key);
    choose();
  }
  void next() {
    if (stored_ != bucket_.objects.end() && stored_->first == key_) ++stored_;
    for (std::size_t i = 0; i < indices_.size(); ++i) {
      const SyntheticRange& range = *bucket_.synthetic[i];
      if (indices_[i] < range.count() && (chosen_ == i || range.key(indices_[i]) == key_))
        ++indices_[i];
    }
    choose();
  }
  bool at_end() const { return at_end_; }
  const std::string& key() const { return key_; }
  std::shared_ptr<const Object> object() const {
    return chosen_ == stored ? stored_->second
                             : bucket_.synthetic[chosen_]->object(indices_[chosen_]);
  }

 private:
  static constexpr std::size_t stored = SIZE_MAX;
  void choose() {
    at_end_ = stored_ == bucket_.objects.end();
    chosen_ = stored;
    if (!at_end_) key_ = stored_->first;
    for (std::size_t i = 0; i < indices_.size(); ++i) {
      if (indices_[i] >= bucket_.synthetic[i]->count()) continue;
      std::string candidate = bucket_.synthetic[i]->key(indices_[i]);
      if (at_end_ || candidate < key_) {
        key_ = std::move(candidate);
        chosen_ = i;
        at_end_ = false;
      }
    }
  }

  const Bucket& bucket_;
  std::map<std::string, std::shared_ptr<const Object>, std::less<>>::const_iterator stored_;
  std::vector<std::uint64_t> indices_;
  std::size_t chosen_ = stored;
  std::string key_;
  bool at_end_ = true;
};

}  // namespace

std::shared_ptr<const Object> Bucket::find(std::string_view key) const {
  if (auto found = objects.find(key); found != objects.end()) return found->second;
  for (const auto& range : synthetic) {
    if (auto object = range->find(key)) return object;
  }
  return nullptr;
}

ListPage Bucket::list(const ListQuery& query) const {
  ListPage page;
  std::optional<std::string> from = query.after_is_prefix ? after_all(query.after) : query.after;
  if (!from) return page;
  if (!query.after.empty() && !query.after_is_prefix) from->push_back('\0');
  if (*from < query.prefix) from = query.prefix;
  Cursor cursor(*this);
  cursor.seek(*from);
  while (!cursor.at_end() && cursor.key().starts_with(query.prefix)) {
    if (page.entries.size() == query.keys_max) {
      page.truncated = true;
      break;
    }
    const std::size_t delimiter = query.delimiter.empty()
                                      ? std::string::npos
                                      : cursor.key().find(query.delimiter, query.prefix.size());
    if (delimiter == std::string::npos) {
      page.entries.push_back({cursor.key(), cursor.object()});
      cursor.next();
      continue;
    }
    page.entries.push_back({cursor.key().substr(0, delimiter + query.delimiter.size()), nullptr});
    const auto next = after_all(page.entries.back().key);
    if (!next) break;
    cursor.seek(*next);
  }
  return page;
}

}  // namespace dth::bench
