#include "objects/s3/list_parser.h"

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
         "</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;"
         "</ETag><Size>7</Size><Owner><ID>x</ID><DisplayName>y</DisplayName></Owner>"
         "<StorageClass>STANDARD_IA</StorageClass></Contents>";
}

std::string key_of(const std::string& text, bool url = false) {
  auto listing = parse_listing(page((url ? "<EncodingType>url</EncodingType>" : "") + contents(text)));
  if (!listing) return "error: " + listing.error().message;
  return listing->objects.size() == 1 ? listing->objects[0].key : "count " + std::to_string(listing->objects.size());
}

TEST(list_parser, an_object_with_all_it_has) {
  auto listing = parse_listing(page(contents("a/b.txt")));
  ASSERT_TRUE(listing) << listing.error().message;
  ASSERT_EQ(listing->objects.size(), 1u);
  const ObjectInfo& object = listing->objects[0];
  EXPECT_EQ(object.key, "a/b.txt");
  EXPECT_EQ(object.size, 7u);
  EXPECT_EQ(object.etag, "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(object.storage_class, "STANDARD_IA");
  EXPECT_EQ(format_time(object.last_modified), "2026-01-02T03:04:05.678000Z");
  EXPECT_FALSE(listing->truncated);
}

TEST(list_parser, an_empty_page_is_legal_also_when_truncated) {
  auto empty = parse_listing(page(""));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->objects.empty());
  auto truncated = parse_listing(page("<NextContinuationToken>1+/a&amp;=</NextContinuationToken>", "true"));
  ASSERT_TRUE(truncated);
  EXPECT_TRUE(truncated->truncated);
  EXPECT_EQ(truncated->next_continuation_token, "1+/a&=");
}

TEST(list_parser, keys_with_entities) {
  EXPECT_EQ(key_of("&amp;&lt;&gt;&quot;&apos;"), "&<>\"'");
  EXPECT_EQ(key_of("a&#13;b&#xA;c&#x1;"), "a\rb\nc\x01");
  EXPECT_EQ(key_of("&#128512;&#xe9;&#x4E2D;"), "\U0001F600\u00e9\u4e2d");
  EXPECT_EQ(key_of(" a  "), " a  ");
  EXPECT_EQ(key_of("a+b%2Fc"), "a+b%2Fc");  // not encoded: nothing was announced
  EXPECT_EQ(key_of("&amp;amp;"), "&amp;");
}

TEST(list_parser, keys_in_url_encoding) {
  EXPECT_EQ(key_of("a%2Bb+c%20d", true), "a+b c d");
  EXPECT_EQ(key_of("%2F%2F%252F%0A", true), "//%2F\n");
  EXPECT_EQ(key_of("%F0%9F%98%80/%FF", true), "\U0001F600/\xff");
  EXPECT_EQ(key_of("a%2Bb+c%20d", false), "a%2Bb+c%20d") << "not announced: keys as they are";
  EXPECT_EQ(key_of("a%2", true), "error: the listing is not what S3 sends: a key is not percent-encoded as announced");
}

TEST(list_parser, the_encoding_may_be_announced_after_the_keys) {
  auto listing = parse_listing(page(contents("a%2Fb") + "<EncodingType>url</EncodingType>"));
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->objects[0].key, "a/b");
}

TEST(list_parser, markers_are_decoded_and_tokens_are_not) {
  auto listing =
      parse_listing(page("<EncodingType>url</EncodingType><NextMarker>a%2Fb+</NextMarker>"
                         "<NextContinuationToken>a%2Fb+</NextContinuationToken>",
                         "true"));
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->next_marker, "a/b ");
  EXPECT_EQ(listing->next_continuation_token, "a%2Fb+");
}

TEST(list_parser, spaces_and_control_characters_of_a_token_are_kept) {
  auto listing = parse_listing(page("<NextContinuationToken> a\x07\n </NextContinuationToken>", "true"));
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->next_continuation_token, " a\x07\n ");
}

TEST(list_parser, unknown_elements_comments_and_prefixes_are_passed_over) {
  auto listing = parse_listing(
      "<s3:ListBucketResult xmlns:s3='u'><!-- <Contents> --><Odd><Key>no</Key><Deep><IsTruncated>maybe</IsTruncated>"
      "</Deep></Odd><s3:IsTruncated>false</s3:IsTruncated>\n <s3:Contents >\n<Key>k</Key><Size> 3 </Size><New a=\"b\"/>"
      "</s3:Contents></s3:ListBucketResult>\n");
  ASSERT_TRUE(listing) << listing.error().message;
  ASSERT_EQ(listing->objects.size(), 1u);
  EXPECT_EQ(listing->objects[0].size, 3u);
}

TEST(list_parser, a_page_cut_off_anywhere_is_no_page) {
  const std::string whole = page(contents("a") + contents("b"), "true");
  ASSERT_TRUE(parse_listing(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    auto listing = parse_listing(std::string_view(whole).substr(0, length));
    ASSERT_FALSE(listing) << length;
    EXPECT_EQ(listing.error().code, ErrorCode::unavailable) << length << " " << listing.error().message;
  }
}

TEST(list_parser, malformed_pages_are_errors) {
  for (const std::string& text :
       {page(contents("a"), "perhaps"), page(contents("a&bogus;")), page(contents("a&#xD800;")), page(contents("")),
        page("<Contents><Key>a</Key></Contents>"), page("<Contents><Size>1</Size></Contents>"),
        page("<Contents><Key>a</Key><Size>-1</Size></Contents>"),
        page("<Contents><Key>a</Key><Size>99999999999999999999</Size></Contents>"),
        page("<Contents><Key><b>a</b></Key><Size>1</Size></Contents>"),
        page("<Contents><Key>a</Kay><Size>1</Size></Contents>"),
        page("<Contents><Key>a</Key><Size>1</Size><LastModified>yesterday</LastModified></Contents>"),
        page("<![CDATA[x]]>"), page("") + "<more/>", page("") + "more", std::string("<html><body>Sorry</body></html>"),
        std::string("<!DOCTYPE html><html></html>"), std::string("<ListBucketResult/>"),
        std::string("<ListBucketResult></ListBucketResult>"), page("<Odd></Even>")}) {
    auto listing = parse_listing(text);
    ASSERT_FALSE(listing) << text;
    EXPECT_EQ(listing.error().code, ErrorCode::data_corrupted) << text << "\n" << listing.error().message;
  }
}

TEST(list_parser, times_in_all_forms) {
  const auto time_of = [](const std::string& text) {
    auto listing =
        parse_listing(page("<Contents><Key>k</Key><Size>1</Size><LastModified>" + text + "</LastModified></Contents>"));
    return listing ? format_time(listing->objects[0].last_modified) : "error";
  };
  EXPECT_EQ(time_of("2024-02-29T23:59:59.999Z"), "2024-02-29T23:59:59.999000Z");
  EXPECT_EQ(time_of("2024-02-29T23:59:59Z"), "2024-02-29T23:59:59.000000Z");
  EXPECT_EQ(time_of("2024-02-29T23:59:59.123456Z"), "2024-02-29T23:59:59.123456Z");
  for (const char* bad : {"2023-02-29T00:00:00.000Z", "2024-13-01T00:00:00.000Z", "2024-01-01T24:00:00.000Z",
                          "2024-01-01T00:60:00.000Z", "2024-01-0aT00:00:00.000Z", "2024-01-01T00:00:00.00xZ", ""}) {
    EXPECT_EQ(time_of(bad), "error") << bad;
  }
}

TEST(list_parser, depth_and_count_are_bounded) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_EQ(parse_listing(page(deep)).error().code, ErrorCode::data_corrupted);
  std::string many;
  for (std::size_t i = 0; i <= listing_objects_max; ++i) many += "<Contents><Key>k</Key><Size>1</Size></Contents>";
  EXPECT_EQ(parse_listing(page(many)).error().code, ErrorCode::data_corrupted);
}

TEST(xml, escaped_text_comes_back) {
  const std::string text = "a&b<c>d\"e\rf";
  EXPECT_EQ(unescape_xml(escape_xml(text)), text);
}

}  // namespace
}  // namespace dth::objects::s3
