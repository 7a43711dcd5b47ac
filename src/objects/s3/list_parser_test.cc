#include "objects/s3/list_parser.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "objects/s3/xml_scanner.h"

namespace dth::objects::s3 {
namespace {

std::string page(const std::string& inside, const std::string& truncated = "false") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult "
         "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
         "<Name>b</Name><Prefix/><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>" +
         truncated + "</IsTruncated>" + inside + "</ListBucketResult>";
}

std::string contents(const std::string& key) {
  return "<Contents><Key>" + key +
         "</Key><LastModified>2026-01-02T03:04:05.678Z</"
         "LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;"
         "</ETag><Size>7</Size><Owner><ID>x</ID><DisplayName>y</DisplayName></Owner>"
         "<StorageClass>STANDARD_IA</StorageClass></Contents>";
}

std::string key_of(const std::string& text, bool url = false) {
  auto listing =
      parse_listing(page((url ? "<EncodingType>url</EncodingType>" : "") + contents(text)));
  if (!listing) return "error: " + listing.error().message;
  return listing->objects.size() == 1 ? listing->objects[0].key
                                      : "count " + std::to_string(listing->objects.size());
}

TEST(list_parser, AnObjectWithAllItHas) {
  auto listing = parse_listing(page(contents("a/b.txt")));
  ASSERT_TRUE(listing) << listing.error().message;
  ASSERT_EQ(listing->objects.size(), 1u);
  const ObjectInfo& object = listing->objects[0];
  EXPECT_EQ(object.key, "a/b.txt");
  EXPECT_EQ(object.size, 7u);
  EXPECT_EQ(object.etag, "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(object.storage_class, "STANDARD_IA");
  EXPECT_EQ(format_time(object.last_modified.value()), "2026-01-02T03:04:05.678000Z");
  EXPECT_FALSE(listing->truncated);
}

TEST(list_parser, AnEmptyPageIsLegalAlsoWhenTruncated) {
  auto empty = parse_listing(page(""));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->objects.empty());
  auto truncated =
      parse_listing(page("<NextContinuationToken>1+/a&amp;=</NextContinuationToken>", "true"));
  ASSERT_TRUE(truncated);
  EXPECT_TRUE(truncated->truncated);
  EXPECT_EQ(truncated->next_continuation_token, "1+/a&=");
}

TEST(list_parser, KeysWithEntities) {
  EXPECT_EQ(key_of("&amp;&lt;&gt;&quot;&apos;"), "&<>\"'");
  EXPECT_EQ(key_of("a&#13;b&#xA;c&#x1;"), "a\rb\nc\x01");
  EXPECT_EQ(key_of("&#128512;&#xe9;&#x4E2D;"), "\U0001F600\u00e9\u4e2d");
  EXPECT_EQ(key_of(" a  "), " a  ");
  EXPECT_EQ(key_of("a+b%2Fc"), "a+b%2Fc");  // not encoded: nothing was announced
  EXPECT_EQ(key_of("&amp;amp;"), "&amp;");
}

TEST(list_parser, KeysInUrlEncoding) {
  EXPECT_EQ(key_of("a%2Bb+c%20d", true), "a+b c d");
  EXPECT_EQ(key_of("%2F%2F%252F%0A", true), "//%2F\n");
  EXPECT_EQ(key_of("%F0%9F%98%80/%FF", true), "\U0001F600/\xff");
  EXPECT_EQ(key_of("a%2Bb+c%20d", false), "a%2Bb+c%20d") << "not announced: keys as they are";
}

TEST(list_parser, WhatAnEncodingMayLeaveAsItIsShowsNothing) {
  for (const std::string key : {"a%2Fb|", "a%2Fb&gt;", "a%2Fb{}", "a%2Fb^`", "a%2Fb\\"}) {
    EXPECT_TRUE(key_of(key, true).starts_with("a/b")) << key;
  }
}

TEST(list_parser, AnEncodingThatIsAnnouncedAndMissingShows) {
  for (const std::string key : {"a%2", "per%zent+", "two  spaces+", "caf\u00e9+", "a\x01+"}) {
    EXPECT_EQ(key_of(key, true), key);
  }
  auto page_of_two = page("<EncodingType>url</EncodingType>" + contents("a+b") + contents("a b"));
  auto shown = parse_listing(page_of_two);
  ASSERT_TRUE(shown);
  EXPECT_TRUE(shown->encoded_falsely);
  EXPECT_EQ(shown->objects[0].key, "a+b");
  auto hidden = parse_listing(page("<EncodingType>url</EncodingType>" + contents("a+b")));
  ASSERT_TRUE(hidden);
  EXPECT_FALSE(hidden->encoded_falsely);
  EXPECT_EQ(hidden->objects[0].key, "a b");
  auto known = parse_listing(page("<EncodingType>url</EncodingType>" + contents("a+b")), {},
                             KeyEncoding::none);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->objects[0].key, "a+b");
}

TEST(list_parser, TheEncodingMayBeAnnouncedAfterTheKeys) {
  auto listing = parse_listing(page(contents("a%2Fb") + "<EncodingType>url</EncodingType>"));
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->objects[0].key, "a/b");
}

TEST(list_parser, MarkersAreDecodedAndTokensAreNot) {
  auto listing =
      parse_listing(page("<EncodingType>url</EncodingType><NextMarker>a%2Fb+</NextMarker>"
                         "<NextContinuationToken>a%2Fb+</NextContinuationToken>",
                         "true"));
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->next_marker, "a/b ");
  EXPECT_EQ(listing->next_continuation_token, "a%2Fb+");
}

TEST(list_parser, SpacesAndControlCharactersOfATokenAreKept) {
  auto listing =
      parse_listing(page("<NextContinuationToken> a\x07\n </NextContinuationToken>", "true"));
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->next_continuation_token, " a\x07\n ");
}

TEST(list_parser, UnknownElementsCommentsAndPrefixesArePassedOver) {
  auto listing = parse_listing(
      "<s3:ListBucketResult xmlns:s3='u'><!-- <Contents> "
      "--><Odd><Key>no</Key><Deep><IsTruncated>maybe</IsTruncated>"
      "</Deep></Odd><s3:IsTruncated>false</s3:IsTruncated>\n <s3:Contents >\n<Key>k</Key><Size> 3 "
      "</Size><New a=\"b\"/>"
      "</s3:Contents></s3:ListBucketResult>\n");
  ASSERT_TRUE(listing) << listing.error().message;
  ASSERT_EQ(listing->objects.size(), 1u);
  EXPECT_EQ(listing->objects[0].size, 3u);
}

TEST(list_parser, APageCutOffAnywhereIsNoPage) {
  const std::string whole = page(contents("a") + contents("b"), "true");
  ASSERT_TRUE(parse_listing(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    auto listing = parse_listing(std::string_view(whole).substr(0, length));
    ASSERT_FALSE(listing) << length;
    EXPECT_EQ(listing.error().code, ErrorCode::unavailable)
        << length << " " << listing.error().message;
  }
}

TEST(list_parser, MalformedPagesAreErrors) {
  for (const std::string& text :
       {page(contents("a"), "perhaps"), page(contents("a&bogus;")), page(contents("a&#xD800;")),
        page(contents("")), page("<Contents><Size>1</Size></Contents>"),
        page("<Contents><Key><b>a</b></Key><Size>1</Size></Contents>"),
        page("<Contents><Key>a</Kay><Size>1</Size></Contents>"), page("<![CDATA[x]]>"),
        page("") + "<more/>", page("") + "more", std::string("<html><body>Sorry</body></html>"),
        std::string("<!DOCTYPE html><html></html>"), std::string("<ListBucketResult/>"),
        std::string("<ListBucketResult></ListBucketResult>"), page("<Odd></Even>")}) {
    auto listing = parse_listing(text);
    ASSERT_FALSE(listing) << text;
    EXPECT_EQ(listing.error().code, ErrorCode::data_corrupted) << text << "\n"
                                                               << listing.error().message;
  }
}

// What one "<Contents>" with a whole object says, whatever way it was read; or the error.
std::string object_of(const std::string& inside) {
  auto listing = parse_listing(page("<Contents>" + inside + "</Contents>"));
  if (!listing) return "error: " + listing.error().message;
  const ObjectInfo& object = listing->objects.at(0);
  return object.key + "|" +
         (object.last_modified.known() ? format_time(object.last_modified.value()).substr(0, 23)
                                       : "?") +
         "|" + object.etag + "|" +
         (object.size.known() ? std::to_string(object.size.value()) : "?") + "|" +
         object.storage_class;
}

TEST(list_parser, ElementsMayComeInAnyOrder) {
  std::vector<std::string> parts = {
      "<Key>k</Key>", "<LastModified>2026-01-02T03:04:05.678Z</LastModified>", "<ETag>\"e\"</ETag>",
      "<Size>7</Size>", "<StorageClass>GLACIER</StorageClass>"};
  std::sort(parts.begin(), parts.end());
  do {
    std::string plain, spaced;
    for (const std::string& part : parts) {
      plain += part;
      spaced += "\n  " + part;
    }
    EXPECT_EQ(object_of(plain), "k|2026-01-02T03:04:05.678|e|7|GLACIER") << plain;
    EXPECT_EQ(object_of(spaced), "k|2026-01-02T03:04:05.678|e|7|GLACIER") << spaced;
  } while (std::next_permutation(parts.begin(), parts.end()));
}

TEST(list_parser, WhatIsNotKnownMayStandAnywhereBetween) {
  const std::vector<std::string> known = {
      "<Key>k</Key>", "<LastModified>2026-01-02T03:04:05.678Z</LastModified>",
      "<ETag>&quot;e&quot;</ETag>", "<Size>7</Size>", "<StorageClass>GLACIER</StorageClass>"};
  for (const char* odd :
       {"<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>",
        "<Keys>x</Keys>", "<Ke>x</Ke>", "<Kez>x</Kez>", "<ETags>x</ETags>", "<Etag>x</Etag>",
        "<Sizes>x</Sizes>", "<Size2>x</Size2>",
        "<Owner><ID>x</ID><Key>no</Key><Size>no</Size></Owner>", "<RestoreStatus/>",
        "<Empty></Empty>", "<!-- <Key>no</Key> -->", "<LastModifief>x</LastModifief>",
        "<Contents><Key>no</Key></Contents>", "loose text", "<x:Owner a='b'>y</x:Owner>",
        "<Odd>&bogus;</Odd>"}) {
    for (std::size_t place = 0; place <= known.size(); ++place) {
      std::string inside;
      for (std::size_t i = 0; i < known.size(); ++i) inside += (i == place ? odd : "") + known[i];
      if (place == known.size()) inside += odd;
      EXPECT_EQ(object_of(inside), "k|2026-01-02T03:04:05.678|e|7|GLACIER") << inside;
    }
  }
}

TEST(list_parser, ElementsThatAreNotPlainSayTheSame) {
  const std::string rest = "<Size>7</Size>";
  EXPECT_EQ(object_of("<Key a=\"b\">k</Key>" + rest), "k|?||7|");
  EXPECT_EQ(object_of("<s3:Key>k</s3:Key ><s3:Size>7</s3:Size>"), "k|?||7|");
  EXPECT_EQ(object_of("<Key>no<!-- c -->k</Key>" + rest), "k|?||7|") << "as it was always read";
  EXPECT_EQ(object_of("<Key>a</Key><Key>b</Key><Size>1</Size><Size>7</Size>"), "b|?||7|");
  EXPECT_EQ(object_of("<Key>a>b</Key>" + rest), "a>b|?||7|");
  EXPECT_EQ(object_of("<Key>k</Key><ETag/><StorageClass/>" + rest), "k|?||7|");
  EXPECT_EQ(object_of("<Key>k</Key><ETag></ETag><StorageClass></StorageClass>" + rest), "k|?||7|");
}

TEST(list_parser, EntitiesInEveryElement) {
  const std::string key = "<Key>k</Key><Size>7</Size>";
  const auto etag_of = [&](const std::string& text) {
    const std::string object = object_of(key + "<ETag>" + text + "</ETag>");
    return object.starts_with("error") ? object : object.substr(4, object.size() - 7);
  };
  EXPECT_EQ(etag_of("&quot;e&quot;"), "e");
  EXPECT_EQ(etag_of("&#34;e&#x22;"), "e");
  EXPECT_EQ(etag_of("\"e&quot;"), "e");
  EXPECT_EQ(etag_of(" \"a&amp;b\"\n"), "a&b");
  EXPECT_EQ(etag_of("&quot;a&lt;b&quot;"), "a<b");
  EXPECT_EQ(etag_of("e"), "e");
  EXPECT_EQ(etag_of("&quot;"), "\"");
  EXPECT_EQ(etag_of("&quot;&quot;"), "");
  EXPECT_EQ(etag_of("&quot;a&bogus;&quot;"),
            "error: the listing is not what S3 sends: it has an unknown entity in ETag");
  EXPECT_EQ(object_of(key + "<StorageClass>A&amp;B</StorageClass>"), "k|?||7|A&B");
  EXPECT_EQ(object_of(key + "<StorageClass>A&B</StorageClass>"),
            "error: the listing is not what S3 sends: it has an unknown entity in StorageClass");
  EXPECT_EQ(object_of("<Key>k</Key><Size>&#55;</Size>"), "k|?||?|");
  EXPECT_EQ(object_of(key + "<LastModified>2026-01-02T03:04:05&#46;678Z</LastModified>"),
            "k|?||7|");
}

// A listing's entry that says too little, or what is not understood, leaves that unknown: it fails
// no page.
TEST(list_parser, ASizeOrTimeThatIsMissingOrNotUnderstoodIsUnknown) {
  EXPECT_EQ(object_of("<Key>k</Key>"), "k|?||?|");
  for (const char* size :
       {"<Size></Size>", "<Size/>", "<Size>1 2</Size>", "<Size>-1</Size>", "<Size>0x7</Size>",
        "<Size>7</Size><Size>?</Size>", "<Size>99999999999999999999</Size>"}) {
    EXPECT_EQ(object_of("<Key>k</Key><ETag>e</ETag>" + std::string(size)), "k|?|e|?|") << size;
  }
  for (const char* time :
       {"<LastModified></LastModified>", "<LastModified>yesterday</LastModified>",
        "<LastModified>0</LastModified>"}) {
    EXPECT_EQ(object_of("<Key>k</Key><Size>0</Size>" + std::string(time)), "k|?||0|") << time;
  }
  EXPECT_EQ(
      object_of("<Key>k</Key><Size>0</Size><LastModified>1970-01-01T00:00:00.000Z</LastModified>"),
      "k|?||0|");
}

TEST(list_parser, WhatIsWrongWithAnObjectIsAnErrorWhereverItStands) {
  for (const char* wrong :
       {"<Key>k</Kex>", "<Key>k</Key", "<Key>k<Key>", "<Key>k</ Key>", "<Key>k<b/></Key>",
        "<ETag>e</Etag>", "<Size>1<Size>", "<LastModified>2026-01-02T03:04:05.678Z</LastModifiee>",
        "<StorageClass>S</StorageClas>", "<StorageClass>S</StorageClass></Content>", "<Odd>x</Odc>",
        "</Key>", "<>x</>", "<Key&>k</Key&>", "<![CDATA[x]]>"}) {
    for (const char* form : {"<Key>k</Key><Size>7</Size>%", "%<Key>k</Key><Size>7</Size>",
                             "<Key>k</Key>%<Size>7</Size>"}) {
      std::string inside = form;
      inside.replace(inside.find('%'), 1, wrong);
      auto listing = parse_listing(
          page(contents("a") + "<Contents>" + inside + "</Contents>" + contents("z")));
      ASSERT_FALSE(listing) << inside;
      EXPECT_EQ(listing.error().code, ErrorCode::data_corrupted) << inside << "\n"
                                                                 << listing.error().message;
    }
  }
}

TEST(list_parser, ObjectsBetweenOtherElementsAreAllMet) {
  auto listing = parse_listing(page(
      contents("a") + contents("b") + "<Other>x</Other>" + contents("c") + "\n" + contents("d") +
      "<CommonPrefixes><Prefix>p</Prefix></CommonPrefixes><Contents ><Size>1</Size>\n<Key>e"
      "</Key></Contents >" +
      contents("f")));
  ASSERT_TRUE(listing) << listing.error().message;
  std::string keys;
  for (const ObjectInfo& object : listing->objects) keys += object.key;
  EXPECT_EQ(keys, "abcdef");
}

// Nothing of the objects whose memory is used again is left in those that take their place.
TEST(list_parser, ASparePageLeavesNothingBehind) {
  std::vector<ObjectInfo> spare(4);
  for (ObjectInfo& object : spare) {
    auto& [key, size, etag, last_modified, storage_class, version_id, changed, obstacle,
           hidden_size, origin] = object;  // that is all
    origin = {"x", last_modified, last_modified};
    key = etag = storage_class = version_id = std::string(100, 'x');
    size = 99;
    last_modified = changed = TimePoint(std::chrono::seconds(99));
    obstacle = "is in the way";
    hidden_size = 9;
  }
  spare.reserve(2000);
  const ObjectInfo* const memory = spare.data();
  const char* const characters = spare[0].etag.data();
  auto listing = parse_listing(
      page(contents("a") + "<Contents><Key>b</Key><Size>0</Size></Contents>"), std::move(spare));
  ASSERT_TRUE(listing) << listing.error().message;
  ASSERT_EQ(listing->objects.size(), 2u);
  EXPECT_EQ(listing->objects.data(), memory);
  EXPECT_EQ(listing->objects[0].etag, "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(listing->objects[0].etag.data(), characters);
  const auto& [key, size, etag, last_modified, storage_class, version_id, changed, obstacle,
               hidden_size, origin] = listing->objects[1];
  EXPECT_EQ(key, "b");
  EXPECT_EQ(size, 0u);
  EXPECT_EQ(etag, "");
  EXPECT_FALSE(last_modified.known());
  EXPECT_EQ(storage_class, "");
  EXPECT_EQ(version_id, "");
  EXPECT_FALSE(changed.known());
  EXPECT_EQ(obstacle, "");
  EXPECT_EQ(hidden_size, 0u);
  EXPECT_FALSE(origin.known());
}

TEST(list_parser, ASizeOfASpareObjectIsNone) {
  std::vector<ObjectInfo> spare(2);
  for (ObjectInfo& object : spare) object.key = "k", object.size = 7;
  auto unknown = parse_listing(page("<Contents><Key>a</Key></Contents>"), spare);
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->objects.at(0).size.known());
  EXPECT_FALSE(parse_listing(page("<Contents><Size>1</Size></Contents>"), spare));
  auto empty = parse_listing(page(""), spare);
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->objects.empty());
}

TEST(list_parser, EachTimeHasItsOwnDay) {
  const std::vector<std::string> times = {
      "2026-01-02T03:04:05.678Z", "2026-01-02T23:59:59.999Z", "2026-01-03T00:00:00.000Z",
      "2026-01-02T03:04:05Z",     "2026-01-02T03:04:05.678Z", "1999-12-31T23:59:59.999Z",
      "1999-12-31T00:00:00.000Z", "2024-02-29T12:00:00.001Z", "2025-02-28T12:00:00.001Z"};
  std::string inside;
  for (const std::string& time : times) {
    inside +=
        "<Contents><Key>k</Key><LastModified>" + time + "</LastModified><Size>1</Size></Contents>";
  }
  auto listing = parse_listing(page(inside));
  ASSERT_TRUE(listing) << listing.error().message;
  for (std::size_t i = 0; i < times.size(); ++i)
    EXPECT_EQ(listing->objects.at(i).last_modified, *parse_time(times[i])) << times[i];
}

TEST(list_parser, ADayThatWasGoodDoesNotMakeTheNextOneGood) {
  const auto parse_both = [](const std::string& first, const std::string& second) {
    return parse_listing(page("<Contents><Key>a</Key><LastModified>" + first +
                              "</LastModified><Size>1</Size></Contents>" +
                              "<Contents><Key>b</Key><LastModified>" + second +
                              "</LastModified><Size>1</Size></Contents>"));
  };
  const std::string good = "2024-02-29T12:00:00.001Z";
  ASSERT_TRUE(parse_both(good, good));
  for (const char* bad :
       {"2024-02-29T24:00:00.000Z", "2024-02-29T12:60:00.000Z", "2024-02-29T12:00:61.000Z",
        "2024-02-29T12:00:00.00xZ", "2024-02-29T12:00:00.0x0Z", "2024-02-29T12:00:00,000Z",
        "2024-02-29_12:00:00.000Z", "2024-02-29T12:00:00.000x", "2024-02-29T12-00:00.000Z",
        "2024-02-29T12:00-00.000Z", "2024-02-30T12:00:00.000Z", "2023-02-29T12:00:00.000Z",
        "2024-02-29T1\xb2:00:00.000Z", "2024-02-29T12:00:00.000+", "2024/02/29T12:00:00.000Z"}) {
    for (const bool first : {true, false}) {
      auto listing = first ? parse_both(bad, good) : parse_both(good, bad);
      ASSERT_TRUE(listing) << bad;
      EXPECT_EQ(listing->objects.at(0).last_modified.known(), !first) << bad;
      EXPECT_EQ(listing->objects.at(1).last_modified.known(), first) << bad;
    }
  }
}

TEST(list_parser, TimesInAllForms) {
  const auto time_of = [](const std::string& text) {
    auto listing = parse_listing(page("<Contents><Key>k</Key><Size>1</Size><LastModified>" + text +
                                      "</LastModified></Contents>"));
    if (!listing) return std::string("error");
    const auto& time = listing->objects[0].last_modified;
    return time.known() ? format_time(time.value()) : "unknown";
  };
  EXPECT_EQ(time_of("2024-02-29T23:59:59.999Z"), "2024-02-29T23:59:59.999000Z");
  EXPECT_EQ(time_of("2024-02-29T23:59:59Z"), "2024-02-29T23:59:59.000000Z");
  EXPECT_EQ(time_of("2024-02-29T23:59:59.123456Z"), "2024-02-29T23:59:59.123456Z");
  for (const char* bad :
       {"2023-02-29T00:00:00.000Z", "2024-13-01T00:00:00.000Z", "2024-01-01T24:00:00.000Z",
        "2024-01-01T00:60:00.000Z", "2024-01-0aT00:00:00.000Z", "2024-01-01T00:00:00.00xZ", ""}) {
    EXPECT_EQ(time_of(bad), "unknown") << bad;
  }
}

TEST(list_parser, DepthAndCountAreBounded) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_EQ(parse_listing(page(deep)).error().code, ErrorCode::data_corrupted);
  std::string many;
  for (std::size_t i = 0; i <= listing_objects_max; ++i)
    many += "<Contents><Key>k</Key><Size>1</Size></Contents>";
  EXPECT_EQ(parse_listing(page(many)).error().code, ErrorCode::data_corrupted);
}

TEST(xml, EscapedTextComesBack) {
  const std::string text = "a&b<c>d\"e\rf";
  EXPECT_EQ(unescape_xml(escape_xml(text)), text);
}

}  // namespace
}  // namespace dth::objects::s3
