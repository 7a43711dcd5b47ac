#include "plugins/object_copy/sorted_listing.h"

#include <charconv>

namespace dth::object_copy {
namespace {

constexpr std::size_t page_objects = 1'000;

// The fields but the key, a line each; none of them holds a newline.
std::string value_of(const objects::ObjectInfo& object) {
  return std::to_string(object.size) + "\n" + std::to_string(object.last_modified.time_since_epoch().count()) + "\n" + object.etag + "\n" +
         object.storage_class + "\n" + object.version_id;
}

objects::ObjectInfo object_of(std::string key, std::string_view value) {
  const auto field = [&value] {
    const std::size_t end = std::min(value.find('\n'), value.size());
    const std::string_view text = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    return text;
  };
  const auto number = [&](auto* out) {
    const std::string_view text = field();
    std::from_chars(text.data(), text.data() + text.size(), *out);
  };
  objects::ObjectInfo object;
  object.key = std::move(key);
  number(&object.size);
  std::int64_t modified = 0;
  number(&modified);
  object.last_modified = TimePoint(std::chrono::microseconds(modified));
  object.etag = field();
  object.storage_class = field();
  object.version_id = field();
  return object;
}

}  // namespace

Async<Result<void>> SortedListing::add(std::vector<objects::ObjectInfo> objects, const std::string* seen) {
  co_return co_await run_blocking(blocking_, [&]() -> Result<void> {
    for (const objects::ObjectInfo& object : objects) {
      if (ascending_) {
        ascending_ = object.key <= *seen && (previous_.empty() || previous_ < object.key);
        previous_ = object.key;
        if (ascending_) continue;
      }
      auto added = records_.add(object.key, value_of(object));
      if (added.has_error()) return added;
    }
    return Result<void>();
  });
}

Async<Result<bool>> SortedListing::sort_some() {
  co_return co_await run_blocking(blocking_, [this] { return records_.finish_some(); });
}

Async<Result<PageSource::Page>> SortedListing::next() {
  auto records = co_await run_blocking(blocking_, [this] { return records_.read(after_, page_objects); });
  if (records.has_error()) co_return records.error();
  Page page;
  page.ended = records->size() < page_objects;
  for (auto& [key, value] : *records) page.objects.push_back(object_of(std::move(key), value));
  if (!page.objects.empty()) after_ = page.objects.back().key;
  co_return page;
}

}  // namespace dth::object_copy
