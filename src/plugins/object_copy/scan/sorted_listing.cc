#include "plugins/object_copy/scan/sorted_listing.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace dth::object_copy {
namespace {

constexpr std::size_t page_objects = 1'000;

// Texts may hold any byte, so each has its length before it.
class Writer {
 public:
  Writer& text(std::string_view text) {
    out_.append(std::to_string(text.size())).append(":").append(text);
    return *this;
  }
  Writer& number(std::int64_t value) {
    out_.append(std::to_string(value)).append(";");
    return *this;
  }
  Writer& size(const objects::Reported<std::uint64_t>& size) {
    if (size.known()) return number(static_cast<std::int64_t>(size.value()));
    out_ += ';';
    return *this;
  }
  Writer& time(const objects::Reported<TimePoint>& time) {
    if (time.known()) return number(time.value().time_since_epoch().count());
    out_ += ';';
    return *this;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view from) : left_(from) {}
  std::string_view text() {
    std::size_t size = 0;
    std::from_chars(left_.data(), left_.data() + left_.size(), size);
    left_.remove_prefix(std::min(left_.find(':'), left_.size() - 1) + 1);
    const std::string_view text = left_.substr(0, size);
    left_.remove_prefix(text.size());
    return text;
  }
  std::optional<std::int64_t> number() {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(left_.data(), left_.data() + left_.size(), value);
    left_.remove_prefix(std::min(left_.find(';'), left_.size() - 1) + 1);
    return failure == std::errc() ? std::optional(value) : std::nullopt;
  }
  objects::Reported<std::uint64_t> size() {
    const auto value = number();
    return value ? objects::Reported<std::uint64_t>(static_cast<std::uint64_t>(*value))
                 : objects::Reported<std::uint64_t>();
  }
  objects::Reported<TimePoint> time() {
    const auto value = number();
    return value ? objects::Reported<TimePoint>(TimePoint(std::chrono::microseconds(*value)))
                 : objects::Reported<TimePoint>();
  }

 private:
  std::string_view left_;
};

// All that a listing reports but the key. Naming every field makes a new one a compile error here.
std::string value_of(const objects::ObjectInfo& object) {
  const auto& [key, size, etag, last_modified, storage_class, version_id, changed, obstacle,
               hidden_size, origin] = object;
  const auto& [origin_etag, origin_modified, origin_read_from] = origin;
  return Writer()
      .size(size)
      .text(etag)
      .time(last_modified)
      .text(storage_class)
      .text(version_id)
      .time(changed)
      .text(obstacle)
      .number(hidden_size)
      .text(origin_etag)
      .time(origin_modified)
      .time(origin_read_from)
      .take();
}

}  // namespace

objects::ObjectInfo SortedListing::object_of(std::string name, std::string_view value) {
  Reader reader(value);
  objects::ObjectInfo object;
  auto& [key, size, etag, last_modified, storage_class, version_id, changed, obstacle, hidden_size,
         origin] = object;
  auto& [origin_etag, origin_modified, origin_read_from] = origin;
  key = std::move(name);
  size = reader.size();
  etag = reader.text();
  last_modified = reader.time();
  storage_class = reader.text();
  version_id = reader.text();
  changed = reader.time();
  const std::string_view why = reader.text();
  if (!why.empty()) obstacle = *obstacles_.emplace(why).first;  // a store has a handful of them
  hidden_size = static_cast<std::uint32_t>(reader.number().value_or(0));
  origin_etag = reader.text();
  origin_modified = reader.time();
  origin_read_from = reader.time();
  return object;
}

SortingThread::SortingThread(engine::JobContext& context) : inline_(context.services().blocking) {
  if (!inline_.is_inline()) pool_ = std::make_unique<BlockingPool>(1);
}

Async<Result<bool>> SortedListing::fill(engine::JobContext* context, Listing* listing,
                                        const std::string* seen) {
  Result<void> state_of_work;
  for (bool ended = false; !ended && state_of_work.has_value() && !context->stop_requested();) {
    auto page = co_await listing->next();
    if (page.has_error()) {
      state_of_work = page.error();
      break;
    }
    ended = page->ended;
    state_of_work = co_await add(std::move(page->objects), seen);
  }
  co_await listing->stop();
  if (state_of_work.has_error()) co_return state_of_work.error();
  for (bool done = false; !done && !context->stop_requested();) {
    auto some = co_await sort_some();
    if (some.has_error()) co_return some.error();
    done = *some;
  }
  co_return !context->stop_requested();
}

Async<Result<void>> SortedListing::add(std::vector<objects::ObjectInfo> objects,
                                       const std::string* seen) {
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
  auto records =
      co_await run_blocking(blocking_, [this] { return records_.read(after_, page_objects); });
  if (records.has_error()) co_return records.error();
  Page page;
  page.ended = records->size() < page_objects;
  for (auto& [key, value] : *records) page.objects.push_back(object_of(std::move(key), value));
  if (!page.objects.empty()) after_ = page.objects.back().key;
  co_return page;
}

}  // namespace dth::object_copy
