#pragma once

#include <memory>
#include <string>

#include "base/async.h"
#include "base/blocking.h"
#include "base/clock.h"
#include "objects/object_store.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// The file of --source-prefix-file or --object-list: read in pieces from any offset on, so that a
// run that was killed goes on in the middle. It must not change while a run needs it.
class ListFile {
 public:
  virtual ~ListFile() = default;

  // What it is called in messages.
  virtual const std::string& name() const = 0;

  // Size and tag of the file as it is now. invalid_argument: there is none, or it cannot be read.
  virtual Async<Result<ListCursor>> look(BlockingExecutor& blocking) = 0;

  // The bytes from `cursor.offset` on, 1 to piece_bytes_max of them, which must be there.
  // invalid_argument: the file is not the one that look() saw.
  virtual Async<Result<std::string>> read(BlockingExecutor& blocking, ListCursor cursor) = 0;

  static constexpr std::size_t piece_bytes_max = 4 << 20;
};

// A file of this machine.
std::unique_ptr<ListFile> make_local_list_file(std::string path);

// An object. What passes is tried again. `store` and `clock` must outlive it.
std::unique_ptr<ListFile> make_stored_list_file(objects::ObjectStore& store, std::string key,
                                                Clock& clock, std::uint32_t seed);

}  // namespace dth::object_copy
