#pragma once

#include <map>
#include <string>
#include <vector>

#include "objects/file/descriptor.h"
#include "objects/file/tree.h"
#include "objects/object_store.h"

namespace dth::objects::file {

// A part that was written to an upload's file.
struct WrittenPart {
  std::uint64_t offset = 0;  // in the file
  std::uint64_t size = 0;
  Checksums checksums;  // CRC64NVME, and CRC32C where it was announced

  std::string etag() const;  // of the bytes, as far as CRC64NVME tells them apart
};

// What is known of an open upload.
struct UploadRecord {
  CreateUploadRequest request;
  TimePoint initiated{};
  std::map<std::uint32_t, WrittenPart> parts;
  std::uint64_t end = 0;  // nothing was ever put at or behind it
};

// An upload in work: a file of parts, and a log of what is in it, in a folder ".dth~uploads" beside
// the object's place. Lines of the log are whole or they do not count, and they are on the disk,
// after the bytes that they tell of, before anybody is told. While one is open it is locked against
// all others, of this process or another one. Blocks.
class UploadLog {
 public:
  // Makes both files, and the directory. Returns the upload's id.
  static Result<std::string> create(Tree& tree, const CreateUploadRequest& request, TimePoint now,
                                    const std::string& unique);

  // not_found: there is no such upload of that key.
  static Result<UploadLog> open(const Tree& tree, const std::string& key,
                                const std::string& upload_id);

  // The open uploads of exactly this key, at most `count_max`.
  static Result<std::vector<UploadInfo>> list(const Tree& tree, const std::string& key,
                                              std::size_t count_max);

  // Takes both files away. Succeeds also where there are none.
  static Result<void> remove(const Tree& tree, const std::string& key,
                             const std::string& upload_id);

  const UploadRecord& record() const { return record_; }
  // The file of parts, and the folder that it lies in.
  const Descriptor& data() const { return data_; }
  Descriptor& data() { return data_; }
  int folder() const { return folder_.get(); }
  const std::string& data_name() const { return data_name_; }

  // Where a part of this size goes; what was there under its number is forgotten, and its place is
  // kept for it.
  Result<std::uint64_t> reserve(std::uint32_t number, std::uint64_t size);
  Result<void> add(std::uint32_t number, const WrittenPart& part);

  // Lets others at it; the file of parts stays open.
  void unlock() { log_.reset(); }

 private:
  Result<void> begin(const CreateUploadRequest& request, const std::string& object, Descriptor log,
                     int folder, TimePoint now);
  Result<void> append(const std::string& line);

  Descriptor folder_, log_, data_;
  std::string data_name_, shown_;
  UploadRecord record_;
};

}  // namespace dth::objects::file
