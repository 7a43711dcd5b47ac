#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "objects/object_store.h"
#include "objects/store_operation.h"
#include "objects/testing/content.h"

namespace dth::objects {

// What a bucket holds, and the view of it that tests have: they put things in and look at what
// came, without requests. MemoryStore instances, of any lane, give it the ObjectStore interface.
// Thread-safe.
class MemoryBucket {
 public:
  explicit MemoryBucket(std::string name = "bucket") : name_(std::move(name)) {}

  const std::string& name() const { return name_; }

  // Stores it as a single PUT would: ETag is the MD5.
  void put(const std::string& key, std::string bytes, ObjectMetadata metadata = {},
           TimePoint last_modified = {});

  // An object that takes no memory (SyntheticBytes). Its ETag looks like a multipart one, so that
  // nobody takes it for an MD5.
  void put_synthetic(const std::string& key, std::uint64_t size, std::uint64_t seed,
                     TimePoint last_modified = {});

  // Changes what is told of an object (storage class, encryption, ETag, checksums, times). False:
  // no such object.
  bool change(const std::string& key, const std::function<void(ObjectHead&)>& change);

  // Tags of an object that is there.
  void set_tags(const std::string& key, Tags tags);

  // Is there a bucket at all? Without one every request but create_bucket fails.
  void set_exists(bool exists);

  bool erase(const std::string& key);
  void clear();  // objects and uploads

  std::size_t size() const;
  std::vector<std::string> keys() const;
  std::optional<ObjectHead> head(const std::string& key) const;
  // What it was written with.
  std::optional<ObjectProperties> properties(const std::string& key) const;
  // The bytes; nothing where there is no object or its bytes were not kept. Not for huge ones.
  std::optional<std::string> bytes(const std::string& key) const;
  std::optional<Digest> crc64nvme(const std::string& key) const;

  // What nobody completed or aborted.
  std::vector<UploadInfo> open_uploads() const;

  // From now on every request of every store asks `hook` first, and fails with what it returns. An
  // empty hook ends that. It runs on the thread of the request; `key` is the prefix for list and
  // empty for check.
  using RequestHook = std::function<std::optional<Error>(StoreOperation, const std::string& key)>;
  void set_on_request(RequestHook hook);

 private:
  friend class MemoryStore;

  struct Object {
    ObjectHead head;
    std::vector<Segment> segments;
    std::optional<Digest> crc64nvme;
    ObjectProperties properties;
    int looks_until_restored = 0;
  };
  static std::optional<std::string> bytes_of(const Object& object);
  struct Part {
    Segment segment;
    std::string etag;
    Digest md5, crc32c, crc64nvme;
  };
  struct Upload {
    UploadInfo info;
    CreateUploadRequest request;
    std::map<std::uint32_t, Part> parts;
  };

  const std::string name_;
  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;  // std::string compares by unsigned bytes: byte order
  std::map<std::string, Upload> uploads_;  // by id; ids ascend with time
  std::uint64_t uploads_made_ = 0;
  bool exists_ = true;
  std::shared_ptr<RequestHook> on_request_;  // shared, so that a hook may keep a state of its own
};

}  // namespace dth::objects
