#include "plugins/object_copy/mirror/renamed.h"

#include <algorithm>

#include "plugins/object_copy/copy/absence.h"

namespace dth::object_copy {
namespace {

constexpr std::size_t suspects_max = 64;
constexpr std::size_t questions_max = 16;
constexpr std::chrono::minutes clocks_differ_max{15};

Extra suspect(std::string key, const objects::ObjectInfo& info) {
  return {std::move(key), info.size, info.etag, info.last_modified};
}

// What is not known may be equal.
bool may_be_one(const Extra& missing, const Extra& extra) {
  return !missing.size.known() || !extra.size.known() || missing.size.value() == extra.size.value();
}

}  // namespace

void RenameWatch::see_missing(std::string key, const objects::ObjectInfo& source, Seen seen,
                              Suspects* suspects) const {
  // What was written since the run began may have come after the run's own listing.
  const bool may_be_new = source.last_modified.known() && source.last_modified.value() >= began_;
  // A directory need not keep the marker of an empty folder.
  const bool is_marker = !times_tell_ && key.ends_with('/');
  if (may_be_new || is_marker || !source.obstacle.empty() ||
      suspects->missing.size() >= suspects_max)
    return;
  suspects->missing.push_back(suspect(std::move(key), source));
  suspects->missing.back().seen = seen;
}

void RenameWatch::see_unlisted(const Extra& extra, Suspects* suspects) {
  if (suspects->unlisted.size() < suspects_max) suspects->unlisted.push_back(extra);
}

void RenameWatch::see_extra(const objects::ObjectInfo& destination, Suspects* suspects) const {
  const bool is_older = times_tell_ && destination.last_modified.known() &&
                        destination.last_modified.value() < began_ - clocks_differ_max;
  if (is_older || suspects->extra.size() >= suspects_max) return;
  suspects->extra.push_back(suspect(destination.key, destination));
}

Async<Result<std::optional<Renamed>>> find_renamed(objects::ObjectStore* destination,
                                                   Suspects suspects) {
  std::size_t questions = 0;
  for (const Extra& missing : suspects.missing) {
    const auto made = std::find_if(suspects.extra.begin(), suspects.extra.end(),
                                   [&](const Extra& extra) { return may_be_one(missing, extra); });
    if (made == suspects.extra.end()) continue;
    // So many were there after all: the listing was too early for them, and is so for the rest.
    if (++questions > questions_max) break;
    auto listed = co_await is_listed(destination, missing.key);
    if (listed.has_error())
      co_return std::move(listed.error())
          .with_context("the destination could not be asked once more before deletions");
    if (!*listed) co_return Renamed{missing.key, made->key};
  }
  co_return std::optional<Renamed>();
}

Async<Result<std::optional<std::string>>> find_unlisted(objects::ObjectStore* source,
                                                        const CopyOptions* options,
                                                        Suspects suspects) {
  for (const Extra& unlisted : suspects.unlisted) {
    std::string key = options->source_key + unlisted.key.substr(options->destination_key.size());
    auto listed = co_await is_listed(source, key);
    if (listed.has_error())
      co_return std::move(listed.error())
          .with_context("the source could not be asked once more before deletions");
    if (*listed) co_return std::move(key);
  }
  co_return std::optional<std::string>();
}

Async<Result<std::optional<std::string>>> find_lost(objects::ObjectStore* destination,
                                                    Suspects suspects) {
  std::size_t questions = 0;
  for (const Extra& missing : suspects.missing) {
    if (missing.seen != Seen::yes) continue;
    if (++questions > questions_max) break;
    auto listed = co_await is_listed(destination, missing.key);
    if (listed.has_error())
      co_return std::move(listed.error())
          .with_context("the destination could not be asked once more for what was copied");
    if (!*listed) co_return missing.key;
  }
  co_return std::optional<std::string>();
}

Async<Result<std::optional<std::string>>> find_ghost(objects::ObjectStore* source,
                                                     const CopyOptions* options,
                                                     Suspects suspects) {
  for (const Extra& missing : suspects.missing) {
    const std::string key =
        options->source_key + missing.key.substr(options->destination_key.size());
    auto head = co_await source->head(key, "");
    if (head.has_value()) continue;
    if (may_mean_no_such_object(head.error())) co_return key;
    co_return std::move(head.error())
        .with_context("the source could not be asked once more before deletions");
  }
  co_return std::optional<std::string>();
}

}  // namespace dth::object_copy
