#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "objects/object_store.h"
#include "options/parsed_values.h"

namespace dth::object_copy {

// The source's own, what the options say, or the one changed by the other.
enum class MetadataMode { preserve, replace, merge };

// May the store copy within itself, where both sides are one place?
enum class ServerSideCopy {
  automatic,  // where it does all that is asked for, and tells enough to prove it; else the bytes
              // are moved
  never,
  always,  // or the object is not copied
};

// What becomes of an object of which the destination does not keep a header, metadata or tags.
enum class Fidelity {
  report,  // it is copied without, and the run has a warning
  strict,  // it is a failure
};

enum class LockPolicy { none, preserve, governance, compliance };

// What copies are to look like at the destination, by the options of group "destination". What is
// not asked for is left to the destination's bucket and its defaults; what is asked for and cannot
// be had is a failure, never left out in silence.
struct DestinationOptions {
  std::string storage_class = {};  // of every copy, unless preserved
  bool keeps_storage_class = false;
  std::string canned_acl = {};
  // sse_c: with the key that the store was opened with.
  objects::Encryption encryption = objects::Encryption::none;
  std::string kms_key_id = {};
  bool bucket_key = false;
  bool keeps_encryption = false;  // of objects that are rewritten in place
  bool keeps_tags = false;
  objects::Tags tags = {};  // of every copy, besides or instead of its own
  MetadataMode metadata_mode = MetadataMode::preserve;
  objects::ObjectMetadata metadata = {};           // what replaces or is merged
  std::vector<std::string> metadata_removed = {};  // names as in `metadata`, given with no value
  LockPolicy lock = LockPolicy::none;
  std::optional<TimePoint> retain_until = {};
  std::chrono::seconds retain_for{0};  // from the moment of writing, where there is no retain_until
  bool legal_hold = false;
  bool create_bucket = false;
  Fidelity fidelity = Fidelity::report;
  ServerSideCopy server_side_copy = ServerSideCopy::automatic;

  // Would an object look any different for having been copied onto itself?
  bool changes_objects() const;
  // Can the outcome be known only from the source's head?
  bool needs_head() const;
};

// invalid_argument names the option and says what it takes. `now`: when the run began.
Result<DestinationOptions> parse_destination_options(const options::ParsedValues& values,
                                                     TimePoint now);

// What an in-place rewrite does not change it has to ask for, or it would be lost.
void keep_what_is_not_changed(const options::ParsedValues& values, DestinationOptions* options);

// Can these two stores do what is asked for at all? `unsupported` says which option they cannot
// follow; invalid_argument: a retention that is over already.
Result<void> check_capabilities(const DestinationOptions& options,
                                const objects::StoreLimits& source,
                                const objects::StoreLimits& destination, TimePoint now);

// The metadata of the copy of an object.
objects::ObjectMetadata metadata_of_copy(const DestinationOptions& options,
                                         objects::ObjectMetadata source);

// What its write asks for. `source_tags` are empty where tags are not kept.
objects::ObjectProperties properties_of_copy(const DestinationOptions& options,
                                             const objects::ObjectHead& source,
                                             objects::Tags source_tags, TimePoint now);

// Did the store encrypt as it was asked to? `unsupported` where its answer says otherwise: the
// bytes lie there as they are.
Result<void> check_encryption(objects::Encryption asked, objects::Encryption answered);

}  // namespace dth::object_copy
