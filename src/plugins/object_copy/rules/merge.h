#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "objects/requests.h"

namespace dth::object_copy {

// One listing on its way into a merge: the part of it that is in memory.
class MergeSide {
 public:
  // Every key begins with `prefix`; keys are compared by what follows it. The listing was asked for
  // keys greater than `after` (empty: for all): what was looked at before must not be counted
  // again.
  MergeSide(std::string name, std::string prefix, std::string after = "")
      : name_(std::move(name)),
        prefix_(std::move(prefix)),
        last_key_(std::move(after)),
        any_(!last_key_.empty()) {}

  // The next page; `ended`: there is none after it. Fails with `unsupported` where keys are not in
  // strictly ascending byte order, with data_corrupted where one lacks the prefix: such a listing
  // cannot be merged, and trusting it would lose or repeat keys.
  Result<void> feed(std::vector<objects::ObjectInfo> page, bool ended);

  // Gives away what is in memory, where a page is needed and so all of it was looked at.
  std::vector<objects::ObjectInfo> take_page();

  // Did feed() fail because the keys are not in order?
  bool out_of_order() const { return out_of_order_; }

  bool needs_page() const { return position_ == page_.size() && !ended_; }
  bool exhausted() const { return position_ == page_.size() && ended_; }
  const objects::ObjectInfo& current() const { return page_[position_]; }
  std::string_view relative_key() const {
    return std::string_view(current().key).substr(prefix_.size());
  }
  void step() {
    if (current().hidden_size > 0) [[unlikely]]
      hide();
    ++position_;
  }

  // What hides this key, which this side does not list: a folder before it that could not be read.
  // Null: nothing does, there is no such key. To be asked for keys that ascend.
  const objects::ObjectInfo* hiding(std::string_view relative_key) {
    return hiding_.empty() ? nullptr : find_hiding(relative_key);
  }

 private:
  void hide();
  const objects::ObjectInfo* find_hiding(std::string_view relative_key);

  std::string name_;
  std::string prefix_;
  std::vector<objects::ObjectInfo> page_;
  std::size_t position_ = 0;
  bool ended_ = false;
  std::string last_key_;  // of the page before, or where the listing began
  bool any_;
  bool out_of_order_ = false;
  std::vector<objects::ObjectInfo> hiding_;  // each begins as those before it
};

// Where listings go on behind the last key that was seen. Where one of them has folders, one that
// could not be read is said once more, so that it is known what it hides.
std::string start_behind(std::string last_key, bool has_folders);

// Walks both sides in step, as far as what is in memory reaches, and calls visit(source,
// destination) for each key that the source has; `destination` is null where it lacks the key.
// Stops when a side needs a page, when the source is exhausted, or when visit returns false (the
// key it was called with is done). Keys that only the destination has are passed over. Of a key
// that the destination hides `destination` is what hides it.
template <class Visit>
void merge(MergeSide& source, MergeSide& destination, Visit visit) {
  while (!source.needs_page() && !source.exhausted() && !destination.needs_page()) {
    if (destination.exhausted()) {
      const objects::ObjectInfo& only = source.current();
      const objects::ObjectInfo* hiding = destination.hiding(source.relative_key());
      source.step();
      if (!visit(only, hiding)) return;
      continue;
    }
    const int order = source.relative_key().compare(destination.relative_key());
    if (order > 0) {
      destination.step();
      continue;
    }
    const objects::ObjectInfo& from = source.current();
    const objects::ObjectInfo* to =
        order == 0 ? &destination.current() : destination.hiding(source.relative_key());
    source.step();
    if (order == 0) destination.step();
    if (!visit(from, to)) return;
  }
}

}  // namespace dth::object_copy
