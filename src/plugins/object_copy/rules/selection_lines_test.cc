#include "plugins/object_copy/rules/selection_lines.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Read {
  std::vector<std::string> lines;  // "key", "key|version"
  std::vector<std::uint64_t> numbers, offsets;
  std::optional<Error> error;
};

// Fed in pieces of `piece` bytes, from `offset` on.
Read read(ListFormat format, std::string_view text, std::size_t piece, std::uint64_t offset = 0,
          std::uint64_t line = 1) {
  Read read;
  ListLines lines("list", format, offset, line);
  std::size_t fed = offset;
  for (;;) {
    auto next = lines.next();
    if (next.has_error()) {
      read.error = next.error();
      return read;
    }
    if (*next) {
      read.lines.push_back(std::string((*next)->key) +
                           ((*next)->version.empty() ? "" : "|" + std::string((*next)->version)));
      read.numbers.push_back((*next)->number);
      read.offsets.push_back(lines.offset());
      continue;
    }
    if (fed == text.size()) return read;
    const std::size_t count = std::min(piece, text.size() - fed);
    lines.feed(text.substr(fed, count), fed + count == text.size());
    fed += count;
  }
}

// However the file is cut into pieces, the same comes out.
Read read_all_ways(ListFormat format, std::string_view text) {
  Read whole = read(format, text, text.size() + 1);
  for (std::size_t piece : {1u, 2u, 3u, 7u}) {
    const Read other = read(format, text, piece);
    EXPECT_EQ(other.lines, whole.lines);
    EXPECT_EQ(other.numbers, whole.numbers);
    EXPECT_EQ(other.offsets, whole.offsets);
    EXPECT_EQ(other.error.has_value(), whole.error.has_value());
  }
  // And from any line on.
  std::uint64_t line = 1;
  for (std::size_t i = 0; i < whole.offsets.size(); ++i) {
    line =
        1 + static_cast<std::uint64_t>(std::count(
                text.begin(), text.begin() + static_cast<std::ptrdiff_t>(whole.offsets[i]), '\n'));
    const Read rest = read(format, text, 5, whole.offsets[i], line);
    EXPECT_EQ(rest.lines,
              std::vector<std::string>(whole.lines.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                       whole.lines.end()));
    EXPECT_EQ(rest.numbers,
              std::vector<std::uint64_t>(whole.numbers.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                         whole.numbers.end()));
  }
  return whole;
}

TEST(ListLines, Lines) {
  const Read got = read_all_ways(ListFormat::lines, "a\n#b\r\n\n\r\n c \nd,\"e\"\nlast");
  EXPECT_THAT(got.lines, ElementsAre("a", "#b", " c ", "d,\"e\"", "last"));
  EXPECT_THAT(got.numbers, ElementsAre(1, 2, 5, 6, 7));
  EXPECT_FALSE(got.error);
}

TEST(ListLines, EmptyFiles) {
  for (std::string_view text : {"", "\n", "\r\n\n", "\xef\xbb\xbf", "\xef\xbb\xbf\n"}) {
    EXPECT_THAT(read_all_ways(ListFormat::lines, text).lines, IsEmpty());
    EXPECT_THAT(read_all_ways(ListFormat::csv, text).lines, IsEmpty());
  }
}

TEST(ListLines, AByteOrderMarkIsPassedOver) {
  EXPECT_THAT(read_all_ways(ListFormat::lines,
                            "\xef\xbb\xbf"
                            "a\n\xef\xbb\xbf"
                            "b\n")
                  .lines,
              ElementsAre("a",
                          "\xef\xbb\xbf"
                          "b"));
  EXPECT_THAT(read_all_ways(ListFormat::csv, "\xef\xbb\xbf\"a\",v\n").lines, ElementsAre("a|v"));
}

TEST(ListLines, Utf16IsNamed) {
  const Read got = read_all_ways(ListFormat::lines, std::string_view("\xff\xfe"
                                                                     "a\0\n\0",
                                                                     6));
  ASSERT_TRUE(got.error);
  EXPECT_THAT(got.error->message, HasSubstr("UTF-16"));
}

TEST(ListLines, KeysOfAllBytes) {
  std::string key;
  for (int c = 1; c < 256; ++c) {
    if (c != '\n') key += static_cast<char>(c);
  }
  EXPECT_THAT(read_all_ways(ListFormat::lines, key + "\n").lines, ElementsAre(key));
}

TEST(ListLines, TheLongestLineAndOneThatIsLonger) {
  const std::string longest(1'024, 'k');
  for (const char* end : {"\n", "\r\n", ""}) {
    EXPECT_THAT(read_all_ways(ListFormat::lines, longest + end).lines, ElementsAre(longest));
    EXPECT_THAT(read_all_ways(ListFormat::csv, longest + end).lines, ElementsAre(longest));
    for (ListFormat format : {ListFormat::lines, ListFormat::csv}) {
      const Read got = read_all_ways(format, "first\n\n" + longest + "k" + end);
      ASSERT_TRUE(got.error);
      EXPECT_EQ(got.error->code, ErrorCode::invalid_argument);
      EXPECT_THAT(got.error->message, HasSubstr("list, line 3: "));
      EXPECT_THAT(got.lines, ElementsAre("first"));
    }
  }
  // Seen before the end of the line is.
  EXPECT_TRUE(read(ListFormat::lines, std::string(1 << 20, 'k'), 4096).error);
  EXPECT_TRUE(read(ListFormat::csv, std::string(1 << 20, 'k'), 4096).error);
}

TEST(ListLines, Csv) {
  const Read got =
      read_all_ways(ListFormat::csv,
                    "a\nb,v1\r\n\"c,d\",v2\n\"say "
                    "\"\"hi\"\"\"\n\"two\nlines\",\"v\"\"3\"\n\"\"\"\"\ne,\n\nf f,null");
  EXPECT_FALSE(got.error) << got.error->message;
  EXPECT_THAT(got.lines, ElementsAre("a", "b|v1", "c,d|v2", "say \"hi\"", "two\nlines|v\"3", "\"",
                                     "e", "f f|null"));
  EXPECT_THAT(got.numbers, ElementsAre(1, 2, 3, 4, 5, 7, 8, 10));
}

TEST(ListLines, AHeaderIsPassedOverInTheFirstLineOnly) {
  EXPECT_THAT(read_all_ways(ListFormat::csv, "key,versionId\na,v\nkey,versionId\n").lines,
              ElementsAre("a|v", "key|versionId"));
  EXPECT_THAT(read_all_ways(ListFormat::csv, "key\n").lines, ElementsAre("key"));
}

TEST(ListLines, WhatIsNoCsvIsRefused) {
  const std::pair<std::string, const char*> cases[] = {
      {"a,b,c\n", "more than two"},
      {"\"a\n", "not closed"},
      {"\"a", "not closed"},
      {"\"a\"b,v\n", "closing"},
      {"a\"b\"\n", "quote the key"},
      {",v\n", "no key"},
      {"\"\",v\n", "no key"},
      {"a," + std::string(1'025, 'v') + "\n", "version"},
      {"\"" + std::string(1 << 16, 'x'), "not closed"},
  };
  for (const auto& [text, words] : cases) {
    const Read got = read_all_ways(ListFormat::csv, text);
    ASSERT_TRUE(got.error) << text.substr(0, 20);
    EXPECT_THAT(got.error->message, HasSubstr("line 1"));
    EXPECT_THAT(got.error->message, HasSubstr(words));
  }
}

TEST(ListLines, FormatsAreKnownByTheirNames) {
  EXPECT_EQ(format_of("s3://bucket/list.csv"), ListFormat::csv);
  EXPECT_EQ(format_of("keys.txt"), ListFormat::lines);
  EXPECT_EQ(format_of("csv"), ListFormat::lines);
}

}  // namespace
}  // namespace dth::object_copy
