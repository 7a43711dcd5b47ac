#include "plugins/object_copy/rules/merge.h"

#include "base/encoding.h"

namespace dth::object_copy {

Result<void> MergeSide::feed(std::vector<objects::ObjectInfo> page, bool ended) {
  take_page();
  const std::string* previous = any_ ? &last_key_ : nullptr;
  for (const objects::ObjectInfo& object : page) {
    if (!object.key.starts_with(prefix_)) {
      return Error{ErrorCode::data_corrupted,
                   "the listing of the " + name_ + " holds the key \"" + printable(object.key) +
                       "\", which does not begin with the prefix asked for, \"" +
                       printable(prefix_) + "\"",
                   ""};
    }
    if (previous && !(std::string_view(*previous) < std::string_view(object.key))) {
      out_of_order_ = true;
      return Error{ErrorCode::unsupported,
                   "the listing of the " + name_ + " is not in the byte order of the keys: \"" +
                       printable(object.key) + "\" comes after \"" + printable(*previous) +
                       "\"; such a store cannot be compared safely",
                   ""};
    }
    previous = &object.key;
  }
  any_ = any_ || !page.empty();
  page_ = std::move(page);
  position_ = 0;
  ended_ = ended;
  return Result<void>();
}

void MergeSide::hide() {
  // What a later key can still lie in stays.
  std::erase_if(hiding_, [this](const objects::ObjectInfo& before) {
    return !current().key.starts_with(before.hidden());
  });
  hiding_.push_back(current());
}

const objects::ObjectInfo* MergeSide::find_hiding(std::string_view relative_key) {
  const std::string key = prefix_ + std::string(relative_key);
  for (auto hiding = hiding_.rbegin(); hiding != hiding_.rend(); ++hiding) {
    if (hiding->hides(key)) return &*hiding;
  }
  return nullptr;
}

std::string start_behind(std::string last_key, bool has_folders) {
  while (has_folders && last_key.ends_with('\0')) last_key.pop_back();
  return last_key;
}

std::vector<objects::ObjectInfo> MergeSide::take_page() {
  if (position_ < page_.size()) return {};  // there are keys in it that nobody has seen
  if (!page_.empty()) last_key_ = page_.back().key;
  position_ = 0;
  return std::exchange(page_, {});
}

}  // namespace dth::object_copy
