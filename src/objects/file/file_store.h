#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/blocking.h"
#include "base/buffer_budget.h"
#include "objects/object_store.h"
#include "objects/request_counters.h"

namespace dth::objects {

struct FileStoreOptions {
  std::string directory;   // absolute
  bool read_only = false;  // every write is refused
  bool may_be_missing =
      false;  // an empty store until the first write makes it; its parent has to be there
  // Of all bodies that are being read, where no budget is given; waited for.
  std::uint64_t buffer_bytes_max = 32ull << 20;
  std::size_t names_in_memory_max =
      262'144;  // of one directory; a larger one is read several times over
};

struct FileStoreServices {
  Executor executor;
  BlockingExecutor&
      blocking;  // several threads: each call to the file system takes one for as long as it lasts
  Clock& clock;
  RequestCounters& counters;
  BufferBudget* buffers = nullptr;  // null: the store has one of its own
};

// A local or mounted directory: each file beneath it is an object, whose key is its path. README
// and SEMANTICS.md say what users are promised; in short:
// - Keys that are no paths (path_key.h) are refused, and nothing outside of the directory is read
// or written.
// - Links, sockets, pipes and devices are listed with an obstacle and never followed, read or
// replaced.
// - ETags are change tokens (size, inode, times): they pin reads, and are never digests. A file
// that changes while it is
//   read fails with `unavailable`.
// - A write is seen whole or not at all, and is on the disk (fsync of file and directory) when it
// has succeeded. The store
//   computes digests of the bytes that it hands to write(2), compares them with those stated, and
//   keeps them with the file.
// - last_modified is the file's modification time, which writes set to that of the source;
// `changed` is its ctime.
// - A directory is no object, unless it was written as one: a key with a slash at its end and no
// content.
// - Metadata are kept in an extended attribute (attributes.h), where the file system has these.
// - A folder that cannot be read is listed as what it hides (ObjectInfo::hidden_size); the rest is
// listed.
// - Uploads lie in a folder ".dth~uploads" beside the file that they will be, and survive the
// process. What `services` refers to must outlive the store, and the store its bodies.
std::unique_ptr<ObjectStore> make_file_store(FileStoreOptions options, FileStoreServices services);

}  // namespace dth::objects
