#include "objects/testing/memory_bucket.h"

namespace dth::objects {

void MemoryBucket::put(const std::string& key, std::string bytes, ObjectMetadata metadata,
                       TimePoint last_modified) {
  Object object;
  object.head.info.key = key;
  object.head.info.size = bytes.size();
  object.head.info.etag = hash(HashAlgorithm::md5, as_bytes(bytes)).hex();
  object.head.info.last_modified = last_modified;
  object.head.metadata = std::move(metadata);
  object.segments.push_back(kept_segment(std::move(bytes)));
  std::lock_guard lock(mutex_);
  objects_[key] = std::move(object);
}

void MemoryBucket::put_synthetic(const std::string& key, std::uint64_t size, std::uint64_t seed,
                                 TimePoint last_modified) {
  Object object;
  object.head.info.key = key;
  object.head.info.size = size;
  const std::string origin = "synthetic " + std::to_string(size) + " " + std::to_string(seed);
  object.head.info.etag = hash(HashAlgorithm::md5, as_bytes(origin)).hex() + "-2";
  object.head.info.last_modified = last_modified;
  object.segments.push_back(synthetic_segment(size, seed));
  std::lock_guard lock(mutex_);
  objects_[key] = std::move(object);
}

bool MemoryBucket::change(const std::string& key, const std::function<void(ObjectHead&)>& change) {
  std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return false;
  change(found->second.head);
  return true;
}

void MemoryBucket::set_tags(const std::string& key, Tags tags) {
  std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return;
  found->second.head.tag_count = static_cast<std::uint32_t>(tags.size());
  found->second.properties.tags = std::move(tags);
}

void MemoryBucket::set_exists(bool exists) {
  std::lock_guard lock(mutex_);
  exists_ = exists;
}

std::optional<ObjectProperties> MemoryBucket::properties(const std::string& key) const {
  std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return std::nullopt;
  return found->second.properties;
}

bool MemoryBucket::erase(const std::string& key) {
  std::lock_guard lock(mutex_);
  return objects_.erase(key) > 0;
}

void MemoryBucket::clear() {
  std::lock_guard lock(mutex_);
  objects_.clear();
  uploads_.clear();
}

std::size_t MemoryBucket::size() const {
  std::lock_guard lock(mutex_);
  return objects_.size();
}

std::vector<std::string> MemoryBucket::keys() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> keys;
  keys.reserve(objects_.size());
  for (const auto& [key, object] : objects_) keys.push_back(key);
  return keys;
}

std::optional<ObjectHead> MemoryBucket::head(const std::string& key) const {
  std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return std::nullopt;
  return found->second.head;
}

std::optional<std::string> MemoryBucket::bytes(const std::string& key) const {
  std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return std::nullopt;
  return bytes_of(found->second);
}

std::optional<std::string> MemoryBucket::bytes_of(const Object& object) {
  std::string all;
  for (const Segment& segment : object.segments) {
    if (!segment.readable()) return std::nullopt;
    if (segment.bytes) {
      all += *segment.bytes;
    } else if (segment.size > 0) {
      const std::size_t before = all.size();
      all.resize(before + static_cast<std::size_t>(segment.size));
      segment.synthetic->fill(0, std::as_writable_bytes(std::span(all).subspan(before)));
    }
  }
  return all;
}

std::optional<Digest> MemoryBucket::crc64nvme(const std::string& key) const {
  std::vector<Segment> segments;
  {
    std::lock_guard lock(mutex_);
    const auto found = objects_.find(key);
    if (found == objects_.end()) return std::nullopt;
    if (found->second.crc64nvme) return found->second.crc64nvme;
    segments = found->second.segments;
  }
  return crc64nvme_of(segments);
}

std::vector<UploadInfo> MemoryBucket::open_uploads() const {
  std::lock_guard lock(mutex_);
  std::vector<UploadInfo> open;
  for (const auto& [id, upload] : uploads_) open.push_back(upload.info);
  return open;
}

void MemoryBucket::set_on_request(RequestHook hook) {
  std::lock_guard lock(mutex_);
  on_request_ = hook ? std::make_shared<RequestHook>(std::move(hook)) : nullptr;
}

}  // namespace dth::objects
