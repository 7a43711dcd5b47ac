#include "plugins/object_copy/rules/comparison.h"

#include <gtest/gtest.h>

#include "plugins/object_copy/rules/etag_facts.h"

namespace dth::object_copy {
namespace {

objects::ObjectInfo object(std::uint64_t size, std::string etag, int modified_s) {
  objects::ObjectInfo info;
  info.key = "k";
  info.size = size;
  info.etag = std::move(etag);
  info.last_modified = TimePoint(std::chrono::seconds(modified_s));
  return info;
}

const TimePoint now{std::chrono::hours(24)};

bool is_told_the_same(const objects::ObjectInfo& source, const objects::ObjectInfo& destination) {
  return compare({}, source, &destination, now) == Verdict::skip;
}

constexpr char md5_a[] = "0cc175b9c0f1b6a831c399e269772661";
constexpr char md5_b[] = "92eb5ffee6ae2fec3ad71c777531578f";

TEST(Comparison, OtherSizeIsNeverTheSame) {
  EXPECT_FALSE(is_told_the_same(object(1, md5_a, 1), object(2, md5_a, 9)));
}

TEST(Comparison, EqualEtagsDecideWhateverTheTimes) {
  EXPECT_TRUE(is_told_the_same(object(1, md5_a, 9), object(1, md5_a, 1)));
}

TEST(Comparison, NoEtagsAreNotEqualEtags) {
  EXPECT_FALSE(is_told_the_same(object(1, "", 9), object(1, "", 1)));
}

TEST(Comparison, SameSizeEditIsSeen) {
  EXPECT_FALSE(is_told_the_same(object(1, md5_b, 9), object(1, md5_a, 5)));
}

TEST(Comparison, MultipartObjectsAreNotCopiedForEver) {
  EXPECT_TRUE(is_told_the_same(object(1, std::string(md5_a) + "-3", 5), object(1, md5_b, 6)));
}

TEST(Comparison, WrittenInTheSameInstantIsNotAfter) {
  EXPECT_FALSE(is_told_the_same(object(1, md5_a, 5), object(1, md5_b, 5)));
}

TEST(Comparison, WhatTheDestinationLacksIsCopiedInEveryMode) {
  for (CompareMode mode :
       {CompareMode::standard, CompareMode::missing, CompareMode::size, CompareMode::etag,
        CompareMode::checksum, CompareMode::modified, CompareMode::always}) {
    EXPECT_EQ(compare({mode, true, true}, object(1, md5_a, 1), nullptr, now), Verdict::copy);
  }
}

// What each mode says of a destination that has ...
struct Case {
  const char* what;
  objects::ObjectInfo destination;  // against size 1, ETag md5_a, modified at 5
  Verdict standard, missing, size, etag, checksum, modified, always;
};

TEST(Comparison, Modes) {
  const auto skip = Verdict::skip, copy = Verdict::copy, ask = Verdict::ask,
             ask_etags = Verdict::ask_about_etags;
  const std::string parts = std::string(md5_b) + "-3";
  const Case cases[] = {
      {"the same, older", object(1, md5_a, 1), skip, skip, skip, skip, skip, copy, copy},
      {"the same, newer", object(1, md5_a, 9), skip, skip, skip, skip, skip, skip, copy},
      {"another size, newer", object(2, md5_b, 9), copy, skip, copy, copy, copy, copy, copy},
      {"another MD5, older", object(1, md5_b, 1), copy, skip, skip, copy, ask, copy, copy},
      {"another MD5, newer", object(1, md5_b, 9), ask_etags, skip, skip, copy, ask, skip, copy},
      {"another MD5, as old", object(1, md5_b, 5), copy, skip, skip, copy, ask, skip, copy},
      {"an ETag of parts, older", object(1, parts, 1), copy, skip, skip, skip, ask, copy, copy},
  };
  const auto source = object(1, md5_a, 5);
  for (const Case& row : cases) {
    auto told = [&](CompareMode mode) {
      return compare({mode, false, true}, source, &row.destination, now);
    };
    EXPECT_EQ(told(CompareMode::standard), row.standard) << row.what;
    EXPECT_EQ(told(CompareMode::missing), row.missing) << row.what;
    EXPECT_EQ(told(CompareMode::size), row.size) << row.what;
    EXPECT_EQ(told(CompareMode::etag), row.etag) << row.what;
    EXPECT_EQ(told(CompareMode::checksum), row.checksum) << row.what;
    EXPECT_EQ(told(CompareMode::modified), row.modified) << row.what;
    EXPECT_EQ(told(CompareMode::always), row.always) << row.what;
  }
}

TEST(Comparison, WhereEtagsAreNoMd5sTheyProveNoDifference) {
  const auto source = object(1, md5_a, 5), destination = object(1, md5_b, 1);
  EXPECT_EQ(compare({CompareMode::etag, false, false}, source, &destination, now), Verdict::skip);
  EXPECT_EQ(compare({CompareMode::checksum, false, false}, source, &source, now), Verdict::ask);
}

TEST(Comparison, NewerOnlyLeavesAloneWhatIsNewer) {
  const auto newer = object(2, md5_b, 6), as_old = object(2, md5_b, 5);
  const auto source = object(1, md5_a, 5);
  for (CompareMode mode : {CompareMode::standard, CompareMode::size, CompareMode::always}) {
    EXPECT_EQ(compare({mode, true, true}, source, &newer, now), Verdict::skip);
    EXPECT_EQ(compare({mode, true, true}, source, &as_old, now), Verdict::copy);
  }
}

objects::ObjectHead head(std::string etag, objects::Checksums checksums = {},
                         objects::Encryption encryption = objects::Encryption::none) {
  objects::ObjectHead head;
  head.info = object(1, std::move(etag), 1);
  head.checksums = std::move(checksums);
  head.encryption = encryption;
  return head;
}

objects::Checksums checksums(std::string objects::Checksums::*algorithm, const std::string& text,
                             bool composite = false) {
  objects::Checksums checksums;
  checksums.*algorithm = text;
  checksums.composite = composite;
  return checksums;
}

TEST(Comparison, DigestsOfHeads) {
  const std::string parts = std::string(md5_a) + "-3";
  const auto one = checksums(&objects::Checksums::crc64nvme, "AAAA"), same = one;
  const auto other = checksums(&objects::Checksums::crc64nvme, "BBBB"),
             foreign = checksums(&objects::Checksums::sha256, "CCCC");
  EXPECT_TRUE(have_same_digest(head(md5_a, one), head(parts, same)))
      << "a digest counts more than ETags";
  EXPECT_FALSE(have_same_digest(head(md5_a, one), head(md5_a, other)));
  EXPECT_FALSE(have_same_digest(head(parts, one), head(md5_b, foreign)))
      << "no digest in common: not known to be the same";
  EXPECT_TRUE(have_same_digest(head(md5_a), head(md5_a)));
  EXPECT_TRUE(have_same_digest(head(parts), head(parts)));
  EXPECT_FALSE(have_same_digest(head(md5_a), head(md5_b)));
  EXPECT_FALSE(have_same_digest(head(""), head("")));
  EXPECT_FALSE(have_same_digest(head(md5_a, {}, objects::Encryption::sse_kms), head(md5_a)));
  auto larger = head(md5_a, one);
  larger.info.size = 2;
  EXPECT_FALSE(have_same_digest(larger, head(md5_a, one)));
}

TEST(Comparison, CompositesAreComparedWithCompositesOnly) {
  const auto composite = checksums(&objects::Checksums::crc32c, "AAAA-3", true), equal = composite;
  const auto whole = checksums(&objects::Checksums::crc32c, "BBBB");
  const std::string parts = std::string(md5_a) + "-3";
  EXPECT_TRUE(have_same_digest(head(parts, composite), head(md5_b, equal)));
  EXPECT_FALSE(have_same_digest(head(parts, composite), head(md5_b, whole)));
  EXPECT_FALSE(have_same_digest(head(parts, composite),
                                head(md5_b, checksums(&objects::Checksums::crc32c, "AAAA-3"))))
      << "of different kinds";
  EXPECT_TRUE(have_same_digest(head(parts, composite), head(parts, whole)))
      << "the ETags are equal";
}

// What is not known shows nothing, and makes no two objects the same.
TEST(Comparison, UnknownIsNeverEqualNorLater) {
  objects::ObjectInfo none;
  none.key = "k";
  const auto known = object(1, "x-2", 9);
  auto sized = [](std::optional<std::uint64_t> size, std::optional<int> modified_s,
                  std::string etag) {
    objects::ObjectInfo info;
    if (size) info.size = *size;
    if (modified_s) info.last_modified = TimePoint(std::chrono::seconds(*modified_s));
    info.etag = std::move(etag);
    return info;
  };
  for (CompareMode mode : {CompareMode::standard, CompareMode::size, CompareMode::etag,
                           CompareMode::checksum, CompareMode::modified}) {
    for (const auto& [a, b] :
         {std::pair{none, none}, {none, known}, {known, none}, {object(0, "", 1), none}}) {
      EXPECT_EQ(compare({mode}, a, &b, now), Verdict::ask) << static_cast<int>(mode);
    }
  }
  const auto timeless = sized(1, {}, "y-2");
  EXPECT_EQ(compare({}, timeless, &known, now), Verdict::ask);
  EXPECT_EQ(compare({}, known, &timeless, now), Verdict::ask);
  EXPECT_EQ(compare({CompareMode::modified}, timeless, &timeless, now), Verdict::copy);
  const auto with_md5 = sized(1, {}, md5_a), with_other = sized(1, {}, md5_b);
  EXPECT_EQ(compare({}, with_md5, &with_other, now), Verdict::ask_about_etags);
  EXPECT_EQ(compare({}, with_md5, &with_md5, now), Verdict::skip)
      << "the ETags are equal, and so are the sizes";
  EXPECT_EQ(compare({.newer_only = true}, timeless, &known, now), Verdict::ask)
      << "not known to be newer";
  // A time of zero is a time.
  const auto first = sized(1, 0, "x-2"), second = sized(1, 1, "y-2");
  EXPECT_EQ(compare({}, first, &second, now), Verdict::skip);
  EXPECT_EQ(compare({}, second, &first, now), Verdict::copy);
}

TEST(Comparison, ATimeWithoutAFractionMayBeASecondLater) {
  auto at = [](std::string etag, std::chrono::milliseconds time) {
    objects::ObjectInfo info = object(1, std::move(etag), 0);
    info.last_modified = TimePoint(time);
    return info;
  };
  using std::chrono::milliseconds;
  const auto whole = at("x-2", milliseconds(5'000)), exact = at("x-2", milliseconds(5'001));
  for (const auto& [source, destination, verdict] :
       {std::tuple{whole, milliseconds(5'999), Verdict::copy},
        {whole, milliseconds(6'000), Verdict::skip},
        {exact, milliseconds(5'002), Verdict::skip},
        {exact, milliseconds(5'001), Verdict::copy}}) {
    const auto there = at("y-2", destination);
    EXPECT_EQ(compare({}, source, &there, now), verdict) << destination.count();
  }
}

TEST(Comparison, ATimeThatIsToComeIsNotCopiedByEveryRun) {
  const auto source = object(1, "x-2", 24 * 3600 + 1000),
             other = object(1, md5_a, 24 * 3600 + 1000);
  const auto there = object(1, "y-2", 10), there_too = object(1, md5_b, 10);
  EXPECT_EQ(compare({}, source, &there, now), Verdict::skip);
  EXPECT_EQ(compare({}, other, &there_too, now), Verdict::ask_about_etags);
  EXPECT_EQ(compare({}, source, &there, TimePoint(std::chrono::seconds(24 * 3600 + 1000))),
            Verdict::copy)
      << "once it has come";
}

TEST(Comparison, EtagsTellNothingOnceThatIsLearnt) {
  const auto source = object(1, md5_a, 5), there = object(1, md5_b, 9);
  EtagFacts encrypted, no_md5s, refuted;
  ComparisonRules rules;
  rules.etags = &encrypted;
  for (int i = 0; i < EtagFacts::encrypted_max; ++i) {
    EXPECT_EQ(compare(rules, source, &there, now), Verdict::ask_about_etags);
    encrypted.note_encrypted();
  }
  EXPECT_EQ(compare(rules, source, &there, now), Verdict::skip);
  no_md5s.learn(EtagFacts::destination, EtagFacts::Md5::no);
  refuted.refute();
  for (const EtagFacts* facts : {&no_md5s, &refuted}) {
    rules.etags = facts;
    EXPECT_EQ(compare(rules, source, &there, now), Verdict::skip);
  }
}

// A directory that records of what its files are copies.
TEST(Comparison, WhatTheDestinationRecordedDecides) {
  const ComparisonRules rules{.destination_keeps_times = true};
  auto file = [](std::string etag, std::optional<int> modified_s, int changed_s) {
    objects::ObjectInfo info = object(1, "file-1", 1);
    info.changed = TimePoint(std::chrono::seconds(changed_s));
    info.origin.etag = std::move(etag);
    if (modified_s) info.origin.modified = TimePoint(std::chrono::seconds(*modified_s));
    info.origin.read_from = TimePoint(std::chrono::seconds(20));
    return info;
  };
  const auto there = file(md5_a, 5, 30), touched = file(md5_a, 5, 90);
  EXPECT_EQ(compare(rules, object(1, md5_a, 5), &there, now), Verdict::skip);
  EXPECT_EQ(compare(rules, object(1, md5_a, 50), &there, now), Verdict::skip)
      << "written again, and equal";
  EXPECT_EQ(compare(rules, object(1, md5_b, 50), &touched, now), Verdict::copy)
      << "whatever was done to the file since";
  EXPECT_EQ(compare(rules, object(1, md5_b, 2), &there, now), Verdict::copy)
      << "an earlier one took over";
  const auto by_time = file("", 5, 30);
  EXPECT_EQ(compare(rules, object(1, "", 5), &by_time, now), Verdict::skip);
  EXPECT_EQ(compare(rules, object(1, "", 6), &by_time, now), Verdict::copy);
  EXPECT_EQ(compare(rules, object(1, "", 4), &by_time, now), Verdict::copy);
  auto racy = by_time;
  racy.origin.read_from = TimePoint(std::chrono::milliseconds(5'900));
  EXPECT_EQ(compare(rules, object(1, "", 5), &racy, now), Verdict::copy)
      << "it may have been written at 5.95";
  // A file of the source whose token was taken in the very tick in which it was written.
  objects::ObjectInfo token = object(1, "file-9", 5);
  token.changed = TimePoint(std::chrono::milliseconds(20'001));
  const auto from_file = file("file-9", 5, 30);
  EXPECT_EQ(compare(rules, token, &from_file, now), Verdict::copy);
  token.changed = TimePoint(std::chrono::milliseconds(19'900) + std::chrono::microseconds(1));
  EXPECT_EQ(compare(rules, token, &from_file, now), Verdict::skip);
}

TEST(Comparison, FilesOfWhichNothingIsRecordedGoByTheirTimes) {
  auto file = [](std::chrono::milliseconds modified, int changed_s) {
    objects::ObjectInfo info = object(1, "file-1", 0);
    info.last_modified = TimePoint(modified);
    info.changed = TimePoint(std::chrono::seconds(changed_s));
    return info;
  };
  using std::chrono::milliseconds;
  const ComparisonRules both{.source_keeps_times = true, .destination_keeps_times = true};
  auto between = [&](const objects::ObjectInfo& source, objects::ObjectInfo there) {
    there.etag = "file-2";  // tokens of two files are never equal
    return compare(both, source, &there, now);
  };
  EXPECT_EQ(between(file(milliseconds(5'500), 6), file(milliseconds(5'500), 9)), Verdict::skip);
  EXPECT_EQ(between(file(milliseconds(5'500), 6), file(milliseconds(5'000), 9)), Verdict::skip)
      << "its file system has whole seconds";
  EXPECT_EQ(between(file(milliseconds(5'000), 6), file(milliseconds(5'500), 9)), Verdict::copy);
  EXPECT_EQ(between(file(milliseconds(4'500), 6), file(milliseconds(5'500), 9)), Verdict::copy)
      << "older took over";
  EXPECT_EQ(between(file(milliseconds(5'500), 10), file(milliseconds(5'500), 9)), Verdict::copy)
      << "an edit that kept the time";
  const ComparisonRules from_bucket{.destination_keeps_times = true};
  auto down = [&](const objects::ObjectInfo& source, const objects::ObjectInfo& there) {
    return compare(from_bucket, source, &there, now);
  };
  EXPECT_EQ(down(object(1, md5_a, 5), file(milliseconds(5'000), 9)), Verdict::skip);
  EXPECT_EQ(down(object(1, md5_a, 5), file(milliseconds(4'000), 9)), Verdict::ask)
      << "its time may be that of the metadata";
  EXPECT_EQ(down(object(1, md5_a, 8), file(milliseconds(8'000), 8)), Verdict::skip)
      << "no time of change of its own";
  objects::ObjectInfo in_that_second = file(milliseconds(8'000), 8);
  in_that_second.changed = TimePoint(milliseconds(8'400));
  EXPECT_EQ(down(object(1, md5_a, 8), in_that_second), Verdict::copy)
      << "the source may have been written at 8.9";
  objects::ObjectHead told = head("e");
  told.metadata.user = {{"mtime", "4.000000000"}};
  EXPECT_TRUE(has_time_of_metadata(from_bucket, told, file(milliseconds(4'000), 9)));
  EXPECT_FALSE(has_time_of_metadata(from_bucket, told, file(milliseconds(3'000), 9)));
  EXPECT_FALSE(has_time_of_metadata(from_bucket, head("e"), file(milliseconds(4'000), 9)));
}

TEST(Comparison, Md5Etags) {
  EXPECT_TRUE(is_md5_etag(md5_a));
  EXPECT_TRUE(is_md5_etag("0CC175B9C0F1B6A831C399E269772661"));
  EXPECT_FALSE(is_md5_etag(std::string(md5_a) + "-3"));
  EXPECT_FALSE(is_md5_etag("0cc175b9c0f1b6a831c399e26977266g"));
  EXPECT_FALSE(is_md5_etag(""));
}

// Two tasks that copy to and fro: a round, and what the next one makes of it.
TEST(Comparison, RoundsOfOppositeTasksEndWhereEtagsAreEqual) {
  objects::ObjectInfo here, there;
  here.size = there.size = 5;
  here.etag = there.etag = "0cc175b9c0f1b6a831c399e269772661";
  here.last_modified = TimePoint(std::chrono::hours(1));
  EXPECT_EQ(compare({}, here, nullptr, now), Verdict::copy);
  there.last_modified = TimePoint(std::chrono::hours(2));
  EXPECT_EQ(compare({}, there, &here, now), Verdict::skip)
      << "back: the copy is younger, and equal";
  EXPECT_EQ(compare({}, here, &there, now), Verdict::skip);
}

TEST(Comparison, RoundsOfOppositeTasksEndWithARecordOfTheOther) {
  objects::ObjectInfo here, there;
  here.size = there.size = 5;
  here.etag = "made-of-parts-3";
  there.etag = "made-of-others-2";
  here.last_modified = TimePoint(std::chrono::hours(1));
  there.last_modified = TimePoint(std::chrono::hours(2));
  EXPECT_EQ(compare({}, there, &here, now), Verdict::copy)
      << "nothing but a record tells that this is our own copy";
  const RecordedCopy recorded{5, here.etag, there.etag};
  EXPECT_EQ(compare({}, there, &here, now, {recorded}), Verdict::skip);
  EXPECT_EQ(compare({}, here, &there, now, {recorded}), Verdict::skip) << "forth again";
  objects::ObjectInfo edited = there;
  edited.etag = "edited";
  EXPECT_EQ(compare({}, edited, &here, now, {recorded}), Verdict::copy)
      << "what was changed there since comes back";
  edited = here;
  edited.etag = "edited";
  EXPECT_EQ(compare({}, there, &edited, now, {recorded}), Verdict::copy);
  edited = there;
  edited.size = 6;
  EXPECT_EQ(compare({}, edited, &here, now, {recorded}), Verdict::copy);
}

TEST(Comparison, EtagsOfStoresThatMakeNoMd5sAreNotCompared) {
  const ComparisonRules rules{.mode = CompareMode::etag, .etags_are_md5 = false};
  const objects::ObjectInfo source = head(md5_a, {}).info, destination = head(md5_b, {}).info;
  EXPECT_EQ(compare(rules, source, &destination, now), Verdict::skip)
      << "the sizes are equal, and nothing else can be said";
  EXPECT_EQ(compare({.mode = CompareMode::etag, .etags_are_md5 = true}, source, &destination, now),
            Verdict::copy);
}

TEST(Comparison, ArchivedClasses) {
  EXPECT_TRUE(is_archived("GLACIER"));
  EXPECT_TRUE(is_archived("DEEP_ARCHIVE"));
  EXPECT_FALSE(is_archived("GLACIER_IR"));
  EXPECT_FALSE(is_archived(""));
}

}  // namespace
}  // namespace dth::object_copy
