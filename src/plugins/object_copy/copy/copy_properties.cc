#include "plugins/object_copy/copy/copy_properties.h"

namespace dth::object_copy {
namespace {

Error cannot_read_tags(Error error) {
  return std::move(error).with_context(
      "the source's tags cannot be read (s3:GetObjectTagging); give that right, or use --tags "
      "none");
}

}  // namespace

std::optional<Result<objects::ObjectProperties>> CopyProperties::try_find(
    const objects::ObjectStore& source, const objects::ObjectHead& head) const {
  const DestinationOptions& wanted = lane_.options.at_destination;
  if (lane_.kept->answers.encryption_ignored) {
    return Error{ErrorCode::unsupported,
                 "the destination does not encrypt as it is asked to (--encryption), so nothing "
                 "more is written there",
                 ""};
  }
  if (wanted.keeps_encryption && head.encryption == objects::Encryption::sse_c) {
    return Error{ErrorCode::invalid_argument,
                 "the object is encrypted with a customer's key and would be rewritten without: "
                 "add --encryption sse-c",
                 ""};
  }
  if (wanted.keeps_tags && (head.tag_count > 0 || !lane_.tags_readable) && source.limits().tags)
    return std::nullopt;
  return with_tags({}, head);
}

Async<Result<objects::ObjectProperties>> CopyProperties::find(objects::ObjectStore* source,
                                                              const Item* item,
                                                              const objects::ObjectHead* head) {
  if (auto known = try_find(*source, *head)) co_return std::move(*known);
  auto told = co_await source->get_tags(item->key, item->version);
  if (told.has_error() && told.error().code == ErrorCode::permission_denied)
    co_return cannot_read_tags(told.error());
  if (told.has_error()) co_return told.error();
  lane_.tags_readable = true;
  co_return with_tags(std::move(*told), *head);
}

Result<objects::ObjectProperties> CopyProperties::with_tags(objects::Tags tags,
                                                            const objects::ObjectHead& head) const {
  objects::ObjectProperties properties =
      properties_of_copy(lane_.options.at_destination, head, std::move(tags), lane_.clock.now());
  const std::uint32_t tag_count_max = lane_.stores.destination.limits().tag_count_max;
  if (properties.tags.size() > tag_count_max) {
    return Error{ErrorCode::invalid_argument,
                 "the copy would have " + std::to_string(properties.tags.size()) +
                     " tags, and the destination takes " + std::to_string(tag_count_max) +
                     " at most: give fewer with --tag, or use --tags none",
                 ""};
  }
  return properties;
}

}  // namespace dth::object_copy
