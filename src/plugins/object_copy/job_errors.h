#pragma once

#include <string>

#include "engine/job_runner.h"
#include "objects/object_store.h"

// Errors of items, and what they mean for their jobs.
namespace dth::object_copy {

// Is the error for the worker, which tries the job again or stops, and not yet the end of the item?
bool is_for_another_try(const engine::JobContext& context, const Error& error);
// Bytes that arrived damaged may arrive whole the next time: data_corrupted becomes the retryable
// `unavailable`.
Error damage_may_pass(Error error);
// Somebody else's write to the destination, of that ETag, since the run listed it.
Error written_by_another(const std::string& etag);
// An answer under the expected ETag that tells another size than the listing did. May pass.
Error other_size(std::uint64_t expected, std::uint64_t answered);
// Why nothing is written where the destination could not be listed.
Error hidden_at_destination(const objects::ObjectInfo& hiding);

}  // namespace dth::object_copy
