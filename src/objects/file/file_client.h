#pragma once

#include <memory>

#include "objects/endpoint_client.h"
#include "objects/file/file_store.h"

namespace dth::objects::file {

// The directories of this host, or those beneath `root`: an absolute path. There are no buckets:
// prefixes of list_level() are paths from the root, "srv/data/", and its request names no bucket.
// open_bucket() takes a directory, absolute. `session` keeps the threads of `services`.
std::unique_ptr<EndpointClient> make_file_client(std::string root, bool read_only,
                                                 FileStoreServices services,
                                                 std::shared_ptr<void> session);

// Is the directory within `root`, once links are followed? permission_denied. An empty root holds
// everything. Blocks.
Result<void> check_within(const std::string& directory, const std::string& root);

}  // namespace dth::objects::file
