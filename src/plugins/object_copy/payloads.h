#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "objects/object_store.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/rules/part_plan.h"

// What jobs of this plugin carry, as JSON. Keys and other bytes that are no UTF-8 are written as
// {"base64": "..."}.
namespace dth::object_copy {

// Kinds of jobs, with the plugin's before them.
inline constexpr char kind_scan[] = "object_copy/scan";
inline constexpr char kind_retry[] = "object_copy/retry";
inline constexpr char kind_copy[] = "object_copy/copy";
inline constexpr char kind_last[] = "object_copy/last";
inline constexpr char kind_part[] = "object_copy/part";
inline constexpr char kind_finish[] = "object_copy/finish";
inline constexpr char kind_restore[] = "object_copy/restore";
inline constexpr char kind_check[] = "object_copy/check";  // its payload is a CopyPayload
inline constexpr char step_list[] =
    "list";  // of a state::Failure: what lies in this folder could not be listed

// How far a list file was read. The file must stay as it was when it was first looked at.
struct ListCursor {
  std::uint64_t size = 0;
  std::string tag;           // its ETag, or its time of modification; empty: not looked at yet
  std::uint64_t offset = 0;  // of the first byte that was not read
  std::uint64_t line = 1;    // its number
};

struct ScanPayload {
  std::string after =
      {};  // keys of the source greater than this are still to be looked at; empty: all
  std::vector<std::string> prefixes =
      {};  // beneath these, one after the other, `after` being of the first; none: the source's own
  bool sorted = false;  // a listing is not in byte order: both are sorted first, keys up to `after`
                        // having been seen before
  std::string sorted_after = {};  // in that order, keys greater than this are still to be looked at
  std::optional<ListCursor> list =
      {};  // instead of that, the run's list is read; of prefixes, those greater than `after`
};

// The failed items of another run, to be looked at afresh.
struct RetryPayload {
  std::string run;                // that run
  std::uint64_t offset = 0;       // so many of its failures were looked at
  std::vector<std::string> keys;  // only those of these keys; none: all
  bool removals = false;  // there are some among those looked at: what is extra is looked for again
};

// What is known of an item before it is copied.
enum class ItemState {
  listed,            // enough: by both listings, or because it was inspected
  needs_comparison,  // the listings do not tell whether it is the same at the destination
  named,             // by a list: nothing but key and version; it is not counted as selected
};

// How an item is to be copied.
enum class CopyWay {
  automatic,
  streamed,    // the store could not copy it within itself
  single_put,  // streamed, whatever its size: the store's uploads drop what is asked for
};

// One object to copy, as the listings showed it, or as a list names it.
struct Item {
  std::string key;
  std::string version = {};  // to be read, where a list names it; empty: the current one
  std::uint64_t size = 0;    // until `state` is listed it may be unknown, and is 0
  std::string etag;
  objects::Reported<TimePoint> modified = {};
  std::string destination_etag;   // of the object to be replaced; empty: there was none, or
                                  // `replaces_unknown`
  bool replaces_unknown = false;  // there is an object to be replaced, and its ETag is not known
  bool maybe_written = false;     // an earlier attempt of ours may have written the destination
  std::uint32_t replanned = 0;    // times the source changed under us
  ItemState state = ItemState::listed;
  CopyWay way = CopyWay::automatic;
  bool for_its_etags =
      false;  // nothing but the two ETags shows that it is not the same at the destination
  bool restored = false;  // from an archive, by us: it is not asked for again
  bool last =
      false;  // the destination may change its name, and all others of the run have been written

  void set_destination(std::string etag_there) {
    replaces_unknown = etag_there.empty();
    destination_etag = std::move(etag_there);
  }
  void set_destination_absent() {
    replaces_unknown = false;
    destination_etag.clear();
  }
};

struct CopyPayload {
  std::vector<Item> items;
};

// Archived objects that are copied once they can be read.
struct RestorePayload {
  std::vector<Item> items;
  TimePoint since{};  // of the first request; zero: none was sent
};

// An open multipart upload of one item.
struct UploadPlan {
  Item item;
  objects::ObjectMetadata
      metadata;  // of the copy, from the source's head; set by CreateMultipartUpload
  objects::Encryption encryption = objects::Encryption::none;  // asked for
  bool digest_ahead = false;  // each part's digest has to be known before it is sent
  bool within = false;        // the store copies the parts by itself
  bool unannounced =
      false;  // the upload was created without the checksum that the store's limits speak of
  objects::Checksums
      source_checksums;  // CRCs of the whole, in S3's text form, as far as the source states them
  PartPlan parts;
  std::string source_etag;                      // the version that all parts are bound to
  objects::Reported<TimePoint> read_from = {};  // when reading of it began
  std::vector<std::string> others;  // uploads of the same key that were open before ours: not ours
};

struct PartDone {
  std::uint32_t number = 0;
  std::string etag;
  std::string algorithm;  // of `digest`; empty where the payload's signature was the proof
  std::string digest;     // hex
  bool proved = false;
  std::string source_crc =
      {};  // hex, of the bytes that were read, by the algorithm of the CRC that the source states
  bool stated = false;  // `digest` went along with the part: CompleteMultipartUpload repeats it
};

struct PartPayload {
  std::int64_t upload_row = 0;
  std::string upload_id;
  UploadPlan plan;
  std::uint32_t first = 1;  // part numbers
  std::uint32_t last = 1;
  std::vector<PartDone> done;
};

// What a part job leaves for the finish job.
struct PartOutcome {
  std::vector<PartDone> done;
  bool changed = false;  // the source is not what the upload was planned for
  std::optional<Error> error;
};

struct FinishPayload {
  std::int64_t upload_row = 0;
  std::string upload_id;
  UploadPlan plan;
};

std::string to_json(const ScanPayload& payload);
std::string to_json(const RetryPayload& payload);
std::string to_json(const CopyPayload& payload);
std::string to_json(const RestorePayload& payload);
std::string to_json(const UploadPlan& plan);
std::string to_json(const PartPayload& payload);
std::string to_json(const PartOutcome& outcome);
std::string to_json(const FinishPayload& payload);

// data_corrupted for what to_json() cannot have written.
Result<ScanPayload> parse_scan_payload(std::string_view json);
Result<RetryPayload> parse_retry_payload(std::string_view json);
Result<CopyPayload> parse_copy_payload(std::string_view json);
Result<RestorePayload> parse_restore_payload(std::string_view json);
Result<UploadPlan> parse_upload_plan(std::string_view json);
Result<PartPayload> parse_part_payload(std::string_view json);
Result<PartOutcome> parse_part_outcome(std::string_view json);
Result<FinishPayload> parse_finish_payload(std::string_view json);

}  // namespace dth::object_copy
