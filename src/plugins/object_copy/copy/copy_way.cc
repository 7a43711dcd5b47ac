#include "plugins/object_copy/copy/copy_way.h"

#include "objects/etag.h"

namespace dth::object_copy {

bool is_for_parts(const LaneContext& lane, const Item& item) {
  return item.size > (item.way == CopyWay::single_put
                          ? lane.stores.destination.limits().put_size_max
                          : lane.options.multipart_threshold_bytes);
}

bool can_copy_server_side(const LaneContext& lane, const Item& item) {
  const DestinationOptions& wanted = lane.options.at_destination;
  const objects::StoreLimits& limits = lane.stores.destination.limits();
  if (lane.stores.copy_source_bucket.empty() || item.way != CopyWay::automatic || item.etag.empty())
    return false;
  if (!limits.server_side_copy || item.size > limits.copy_size_max) return false;
  if (wanted.server_side_copy == ServerSideCopy::always) return true;
  const bool as_asked =
      limits.copies_as_asked || (!wanted.changes_objects() && !wanted.keeps_storage_class);
  const bool provable = limits.enforces_checksums || (limits.etag_is_md5 && is_md5_etag(item.etag));
  return wanted.server_side_copy == ServerSideCopy::automatic &&
         !lane.kept->answers.within_refused && as_asked && provable;
}

bool can_copy_parts_server_side(const LaneContext& lane, const Item& item,
                                const objects::ObjectHead& source) {
  const objects::StoreLimits& limits = lane.stores.destination.limits();
  if (lane.stores.copy_source_bucket.empty() || item.way != CopyWay::automatic ||
      item.etag.empty() || !limits.server_side_copy_parts)
    return false;
  if (lane.options.at_destination.server_side_copy == ServerSideCopy::always) return true;
  const bool provable = limits.enforces_checksums && !source.checksums.composite &&
                        !source.checksums.crc64nvme.empty();
  return lane.options.at_destination.server_side_copy == ServerSideCopy::automatic &&
         !lane.kept->answers.within_refused && provable;
}

}  // namespace dth::object_copy
