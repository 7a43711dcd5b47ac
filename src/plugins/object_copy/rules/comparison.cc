#include "plugins/object_copy/rules/comparison.h"

#include <algorithm>

#include "objects/mtime.h"
#include "plugins/object_copy/rules/etag_facts.h"

namespace dth::object_copy {
namespace {

using objects::Checksums;
using objects::ObjectInfo;
using objects::Reported;
using std::chrono::microseconds;

constexpr std::string Checksums::*algorithms[] = {&Checksums::crc64nvme, &Checksums::crc32c,
                                                  &Checksums::crc32, &Checksums::sha256,
                                                  &Checksums::sha1};

// No store accepts a signature made by a clock that is farther off: a later time does not come from
// a clock.
constexpr std::chrono::minutes clock_error_max{15};
// File systems take their times from the timer's last tick.
constexpr std::chrono::milliseconds timer_tick_max{10};

bool is_whole_second(TimePoint time) {
  return time.time_since_epoch() % std::chrono::seconds(1) == microseconds(0);
}

// The end of what a time may mean: one without a fraction may be up to a second later than it says.
TimePoint latest(TimePoint time) {
  return is_whole_second(time) ? time + std::chrono::seconds(1) : time;
}

bool have_equal_etags(const ObjectInfo& source, const ObjectInfo& destination) {
  return are_equal_etags(source.etag, destination.etag);
}

bool look_like_md5s(const ObjectInfo& source, const ObjectInfo& destination) {
  return is_md5_etag(source.etag) && is_md5_etag(destination.etag);
}

bool are_md5_etags(const ComparisonRules& rules, const ObjectInfo& source,
                   const ObjectInfo& destination) {
  return rules.etags_are_md5 && look_like_md5s(source, destination);
}

bool is_protected(const ComparisonRules& rules, const ObjectInfo& source,
                  const ObjectInfo& destination) {
  return rules.newer_only && destination.last_modified > source.last_modified;
}

// Was the destination written after whatever the source's time may mean?
bool is_written_after(const ObjectInfo& source, const ObjectInfo& destination) {
  const auto from = source.written_at(), to = destination.written_at();
  if (!from.known() || !to.known()) return false;
  return is_whole_second(from.value()) ? to.value() >= latest(from.value())
                                       : to.value() > from.value();
}

// Such a time tells nothing as long as it is to come: else the object would be copied by every run
// until then.
bool is_in_the_future(const Reported<TimePoint>& time, TimePoint now) {
  return time.known() && time.value() > now + clock_error_max;
}

// May the source have been written to since `read_from`, in spite of an equal change token? A token
// says no more than the file system's clock. Other stores' ETags are asked for with each read.
bool may_have_changed_unseen(const ObjectInfo& source, const Reported<TimePoint>& read_from) {
  if (!source.changed.known() || !read_from.known()) return false;
  const TimePoint end = is_whole_second(source.changed.value())
                            ? latest(source.changed.value())
                            : source.changed.value() + timer_tick_max;
  return end > read_from.value();
}

// By what the destination recorded of the object that it is a copy of.
Verdict compare_with_origin(const ObjectInfo& source, const objects::Origin& origin) {
  const auto skip_if = [](bool same) { return same ? Verdict::skip : Verdict::copy; };
  if (!origin.etag.empty() && !source.etag.empty()) {
    return skip_if(are_equal_etags(source.etag, origin.etag) &&
                   !may_have_changed_unseen(source, origin.read_from));
  }
  if (!origin.modified.known() || !source.last_modified.known()) return Verdict::ask;
  if (!are_same_time(source.last_modified, origin.modified, microseconds(1))) return Verdict::copy;
  return skip_if(!origin.read_from.known() ||
                 latest(source.last_modified.value()) <= origin.read_from.value());
}

// Does the file system keep a time of change apart from the file's own? Else it tells the time that
// we have set.
bool has_time_of_change(const ObjectInfo& file) {
  return file.changed.known() && file.changed != file.last_modified;
}

// By the time of a file of which nothing is recorded.
Verdict compare_file_times(const ComparisonRules& rules, const ObjectInfo& source,
                           const ObjectInfo& file, TimePoint now) {
  const bool same_time =
      are_same_time(source.last_modified, file.last_modified, rules.time_precision);
  if (rules.source_keeps_times) {
    if (!same_time) return Verdict::copy;
    // Only the copy's file system may have cut the time.
    const bool cut_at_the_source = is_whole_second(source.last_modified.value()) &&
                                   !is_whole_second(file.last_modified.value());
    const bool changed_since = has_time_of_change(file) && source.changed > file.changed;
    return cut_at_the_source || changed_since ? Verdict::copy : Verdict::skip;
  }
  if (!same_time && !(file.last_modified > source.last_modified)) return Verdict::ask;
  // Written within the second that the source's time stands for: that may have been before the
  // source was.
  const bool told_by_a_clock = source.last_modified <= Reported<TimePoint>(now);
  if (told_by_a_clock && has_time_of_change(file) &&
      file.changed.value() < latest(source.last_modified.value()))
    return Verdict::copy;
  return Verdict::skip;
}

Verdict compare_standard(const ComparisonRules& rules, const ObjectInfo& source,
                         const ObjectInfo& destination, TimePoint now) {
  if (source.size != destination.size) return Verdict::copy;
  if (destination.origin.known()) return compare_with_origin(source, destination.origin);
  if (have_equal_etags(source, destination)) return Verdict::skip;
  if (rules.destination_keeps_times) return compare_file_times(rules, source, destination, now);
  const bool later =
      is_written_after(source, destination) || is_in_the_future(source.written_at(), now);
  const bool known = source.written_at().known() && destination.written_at().known();
  if (known && !later) return Verdict::copy;
  const bool comparable =
      look_like_md5s(source, destination) && (!rules.etags || rules.etags->comparable());
  if (comparable) return Verdict::ask_about_etags;
  return known ? Verdict::skip : Verdict::ask;
}

Verdict compare_modified(const ComparisonRules& rules, const ObjectInfo& source,
                         const ObjectInfo& destination) {
  bool not_older = destination.written_at() >= source.written_at();
  if (destination.origin.modified.known()) {
    not_older = destination.origin.modified >= source.last_modified;
  } else if (rules.source_keeps_times && rules.destination_keeps_times) {
    not_older =
        destination.last_modified >= source.last_modified ||
        are_same_time(destination.last_modified, source.last_modified, rules.time_precision);
  }
  return not_older ? Verdict::skip : Verdict::copy;
}

bool is_recorded_pair(const RecordedCopy& record, const ObjectInfo& source,
                      const ObjectInfo& destination) {
  if (source.size != record.size || destination.size != record.size || record.source_etag.empty() ||
      record.destination_etag.empty())
    return false;
  const bool forth = are_equal_etags(source.etag, record.source_etag) &&
                     are_equal_etags(destination.etag, record.destination_etag);
  const bool back = are_equal_etags(source.etag, record.destination_etag) &&
                    are_equal_etags(destination.etag, record.source_etag);
  return (forth && !may_have_changed_unseen(source, record.read_from)) || back;
}

// Is the source what the latest record read or wrote, or what any of them wrote? (That was a run in
// the other direction.)
bool is_source_recorded(const std::vector<RecordedCopy>& recorded, const ObjectInfo& source) {
  const auto wrote = [&](const RecordedCopy& record) {
    return source.size == record.size && are_equal_etags(source.etag, record.destination_etag);
  };
  const RecordedCopy& last = recorded.back();
  return (source.size == last.size && are_equal_etags(source.etag, last.source_etag)) ||
         std::any_of(recorded.begin(), recorded.end(), wrote);
}

}  // namespace

Verdict compare(const ComparisonRules& rules, const ObjectInfo& source,
                const ObjectInfo* destination, TimePoint now) {
  if (!destination) return Verdict::copy;
  if (is_protected(rules, source, *destination)) return Verdict::skip;
  if (rules.mode == CompareMode::missing) return Verdict::skip;
  if (rules.mode == CompareMode::always) return Verdict::copy;
  if (!source.size.known() || !destination->size.known()) return Verdict::ask;
  const auto skip_if = [](bool same) { return same ? Verdict::skip : Verdict::copy; };
  const bool same_size = source.size == destination->size;
  switch (rules.mode) {
    case CompareMode::standard:
      return compare_standard(rules, source, *destination, now);
    case CompareMode::size:
      return skip_if(same_size);
    case CompareMode::etag:
      return skip_if(same_size && (have_equal_etags(source, *destination) ||
                                   !are_md5_etags(rules, source, *destination)));
    case CompareMode::checksum:
      if (!same_size) return Verdict::copy;
      return have_equal_etags(source, *destination) && are_md5_etags(rules, source, *destination)
                 ? Verdict::skip
                 : Verdict::ask;
    case CompareMode::modified:
      return same_size ? compare_modified(rules, source, *destination) : Verdict::copy;
    case CompareMode::missing:
    case CompareMode::always:
      break;
  }
  return Verdict::copy;
}

Verdict compare(const ComparisonRules& rules, const ObjectInfo& source,
                const ObjectInfo* destination, TimePoint now,
                const std::vector<RecordedCopy>& recorded) {
  const bool by_content = rules.mode != CompareMode::missing && rules.mode != CompareMode::size &&
                          rules.mode != CompareMode::always;
  if (recorded.empty() || !destination || !by_content || is_protected(rules, source, *destination))
    return compare(rules, source, destination, now);
  for (const RecordedCopy& record : recorded) {
    if (is_recorded_pair(record, source, *destination)) return Verdict::skip;
  }
  const bool tells = !source.etag.empty() && source.size.known() &&
                     !recorded.back().source_etag.empty() &&
                     !recorded.back().destination_etag.empty();
  if (!tells || is_source_recorded(recorded, source))
    return compare(rules, source, destination, now);
  return source.size == destination->size && have_equal_etags(source, *destination) ? Verdict::skip
                                                                                    : Verdict::copy;
}

bool hides_md5(const objects::ObjectHead& head) {
  return head.encryption == objects::Encryption::sse_kms ||
         head.encryption == objects::Encryption::sse_c;
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
  if (have_equal_etags(source.info, destination.info)) {
    // Those of parts are digests too, of equal parts: "hex-N".
    return !hides_md5(source) && !hides_md5(destination);
  }
  return false;
}

bool have_other_digest(const objects::ObjectHead& source, const objects::ObjectHead& destination) {
  if (source.checksums.composite || destination.checksums.composite) return false;
  return std::any_of(std::begin(algorithms), std::end(algorithms),
                     [&](std::string Checksums::*algorithm) {
                       const std::string& ours = source.checksums.*algorithm;
                       const std::string& theirs = destination.checksums.*algorithm;
                       return !ours.empty() && !theirs.empty() && ours != theirs;
                     });
}

bool has_time_of_metadata(const ComparisonRules& rules, const objects::ObjectHead& source,
                          const ObjectInfo& file) {
  for (const auto& [name, value] : source.metadata.user) {
    if (name != objects::mtime_name) continue;
    const auto time = objects::parse_mtime(value);
    if (!time) return false;
    const TimePoint told(std::chrono::seconds(time->tv_sec) +
                         std::chrono::floor<microseconds>(std::chrono::nanoseconds(time->tv_nsec)));
    return are_same_time(told, file.last_modified, rules.time_precision);
  }
  return false;
}

bool are_same_time(const Reported<TimePoint>& a, const Reported<TimePoint>& b,
                   microseconds precision) {
  if (!a.known() || !b.known()) return false;
  const microseconds coarse = is_whole_second(a.value()) || is_whole_second(b.value())
                                  ? microseconds(std::chrono::seconds(1))
                                  : microseconds(1);
  const microseconds unit = std::max(precision, coarse);
  const auto count = [&](TimePoint time) {
    const auto since = time.time_since_epoch().count();
    const auto size = unit.count();
    return (since >= 0 ? since : since - size + 1) / size;
  };
  return count(a.value()) == count(b.value());
}

bool are_equal_etags(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && is_same_etag(a, b);
}

bool is_archived(std::string_view storage_class) {
  return storage_class == "GLACIER" || storage_class == "DEEP_ARCHIVE";
}

}  // namespace dth::object_copy
