#include "plugins/object_copy/comparison.h"

#include <algorithm>

namespace dth::object_copy {
namespace {

using objects::Checksums;

constexpr std::string Checksums::*algorithms[] = {&Checksums::crc64nvme, &Checksums::crc32c, &Checksums::crc32, &Checksums::sha256, &Checksums::sha1};

bool are_equal_etags(const objects::ObjectInfo& source, const objects::ObjectInfo& destination) {
  return !source.etag.empty() && source.etag == destination.etag;
}

bool are_md5_etags(const ComparisonRules& rules, const objects::ObjectInfo& source, const objects::ObjectInfo& destination) {
  return rules.etags_are_md5 && is_md5_etag(source.etag) && is_md5_etag(destination.etag);
}

// An ETag of these is no MD5, however it looks.
bool hides_md5(const objects::ObjectHead& head) {
  return head.encryption == objects::Encryption::sse_kms || head.encryption == objects::Encryption::sse_c;
}

}  // namespace

Verdict compare(const ComparisonRules& rules, const objects::ObjectInfo& source, const objects::ObjectInfo* destination) {
  if (!destination) return Verdict::copy;
  if (rules.newer_only && destination->last_modified > source.last_modified) return Verdict::skip;
  const auto skip_if = [](bool same) { return same ? Verdict::skip : Verdict::copy; };
  const bool same_size = source.size == destination->size;
  switch (rules.mode) {
    case CompareMode::standard: return skip_if(is_same(source, *destination));
    case CompareMode::missing: return Verdict::skip;
    case CompareMode::size: return skip_if(same_size);
    case CompareMode::etag:
      return skip_if(same_size && (are_equal_etags(source, *destination) || !are_md5_etags(rules, source, *destination)));
    case CompareMode::checksum:
      if (!same_size) return Verdict::copy;
      return are_equal_etags(source, *destination) && are_md5_etags(rules, source, *destination) ? Verdict::skip : Verdict::ask;
    case CompareMode::modified: return skip_if(same_size && destination->written_at() >= source.written_at());
    case CompareMode::always: return Verdict::copy;
  }
  return Verdict::copy;
}

Verdict compare(const ComparisonRules& rules, const objects::ObjectInfo& source, const objects::ObjectInfo* destination,
                const RecordedCopy* recorded) {
  const bool by_content = rules.mode != CompareMode::missing && rules.mode != CompareMode::size && rules.mode != CompareMode::always;
  const bool protected_there = rules.newer_only && destination && destination->last_modified > source.last_modified;
  if (!recorded || !destination || !by_content || protected_there) return compare(rules, source, destination);
  const bool opposite = source.size == recorded->size && destination->size == recorded->size && !source.etag.empty() &&
                        source.etag == recorded->destination_etag && destination->etag == recorded->source_etag;
  if (opposite && !recorded->source_etag.empty()) return Verdict::skip;
  const bool known = !source.etag.empty() && !recorded->source_etag.empty() && !recorded->destination_etag.empty();
  const bool copy_is_there = destination->size == recorded->size && destination->etag == recorded->destination_etag;
  if (!known || !copy_is_there) return compare(rules, source, destination);
  return source.size == recorded->size && source.etag == recorded->source_etag ? Verdict::skip : Verdict::copy;
}

bool have_same_digest(const objects::ObjectHead& source, const objects::ObjectHead& destination) {
  if (source.info.size != destination.info.size) return false;
  const Checksums& ours = source.checksums;
  const Checksums& theirs = destination.checksums;
  for (std::string Checksums::*algorithm : algorithms) {
    if ((ours.*algorithm).empty() || (theirs.*algorithm).empty()) continue;
    if (ours.composite == theirs.composite && ours.*algorithm == theirs.*algorithm) return true;
    if (!ours.composite && !theirs.composite) return false;
  }
  if (are_equal_etags(source.info, destination.info)) {
    // Those of parts are digests too, of equal parts: "hex-N".
    return !hides_md5(source) && !hides_md5(destination);
  }
  return false;
}

bool is_same(const objects::ObjectInfo& source, const objects::ObjectInfo& destination) {
  if (source.size != destination.size) return false;
  if (are_equal_etags(source, destination)) return true;
  return destination.written_at() > source.written_at();
}

bool is_md5_etag(std::string_view etag) {
  return etag.size() == 32 && std::all_of(etag.begin(), etag.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

bool is_archived(std::string_view storage_class) { return storage_class == "GLACIER" || storage_class == "DEEP_ARCHIVE"; }

}  // namespace dth::object_copy
