#pragma once

#include <string>
#include <vector>

#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// Uploads of this run that were left open.
class OpenUploads {
 public:
  explicit OpenUploads(LaneContext& lane) : lane_(lane) {}

  // Aborts what earlier attempts left open, of one key or (empty) of all: uploads whose ids they
  // recorded, and ones that they created and could not record. `last`: nothing of the run is on its
  // way any more, so what is not found now never was, and what cannot be aborted for good is left
  // open, with a record that says so: it keeps no run from ending.
  Async<Result<void>> abort(engine::EngineServices services, std::string run,
                            std::string destination_key, bool last);

 private:
  Async<Result<std::vector<std::string>>> find(std::vector<state::Upload> rows);

  LaneContext& lane_;
};

// Listing uploads is a right of its own, and some stores lack it: then lost ones cannot be found,
// and copying goes on.
bool may_not_list_uploads(const Error& error);

}  // namespace dth::object_copy
