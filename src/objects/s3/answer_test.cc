#include "objects/s3/answer.h"

#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

constexpr char page[] = "<html><body>Please log in</body></html>";
const net::HttpHeaders html = {{"Content-Type", "text/html"}};
const net::HttpHeaders with_etag = {
    {"ETag", "\"e\""}, {"Content-Length", "0"}, {"x-amz-request-id", "tx0001"}};

net::HttpResponse answer(net::HttpHeaders headers) {
  net::HttpResponse response;
  response.status = 200;
  response.headers = std::move(headers);
  return response;
}

TEST(S3Answer, PagesAreToldFromDocuments) {
  for (const char* text :
       {page, "<!DOCTYPE html><html/>", "<?xml version=\"1.0\"?>\n<!DOCTYPE html><html/>",
        "<?xml version='1.0'?><HTML/>", "\xef\xbb\xbf <html>", "OK", "{}"}) {
    EXPECT_TRUE(is_page(text)) << text;
  }
  for (const char* text : {"", " \r\n", "<Error/>", "<?xml version=\"1.0\"?>\n<ListBucketResult/>",
                           "\n<CopyObjectResult/>"}) {
    EXPECT_FALSE(is_page(text)) << text;
  }
}

TEST(S3Answer, ObjectsHaveEtagsWhereTheStoreHasThem) {
  AnswerSigns signs;
  signs.etags = AnswerSigns::Known::yes;
  EXPECT_NE(find_foreign(AnswerKind::object, signs, answer({}), "", ""), "");
  EXPECT_NE(find_foreign(AnswerKind::written, signs, answer({}), "", ""), "");
  EXPECT_EQ(find_foreign(AnswerKind::object, signs, answer(html), "e", ""), "");
  EXPECT_EQ(find_foreign(AnswerKind::done, signs, answer({}), "", ""), "");
}

TEST(S3Answer, AStoreWithoutEtagsIsBelievedButForPages) {
  for (const auto known : {AnswerSigns::Known::unknown, AnswerSigns::Known::no}) {
    AnswerSigns signs;
    signs.etags = known;
    EXPECT_EQ(
        find_foreign(AnswerKind::object, signs, answer({{"Content-Type", "image/png"}}), "", ""),
        "");
    EXPECT_EQ(find_foreign(AnswerKind::written, signs, answer(html), "", ""), "");
    EXPECT_NE(find_foreign(AnswerKind::object, signs, answer(html), "", ""), "");
    EXPECT_NE(find_foreign(AnswerKind::written, signs, answer(html), "", page), "");
    net::HttpHeaders object_of_html = html;
    object_of_html.push_back({"x-amz-request-id", "1"});
    EXPECT_EQ(find_foreign(AnswerKind::object, signs, answer(object_of_html), "", ""), "");
  }
}

TEST(S3Answer, RequestIdsAreMissedWhereAListingHadOne) {
  Endpoint endpoint({.bucket = "b",
                     .endpoint = net::HttpOrigin{.host = "h", .port = 80, .tls = false},
                     .vendor = "ceph"});
  EXPECT_EQ(find_foreign(AnswerKind::done, endpoint.signs(), answer({}), "", ""), "");
  endpoint.learn_signs(answer({}), nullptr);
  EXPECT_EQ(find_foreign(AnswerKind::done, endpoint.signs(), answer({}), "", ""), "");
  endpoint.learn_signs(answer(with_etag), nullptr);
  EXPECT_NE(find_foreign(AnswerKind::done, endpoint.signs(), answer({}), "", ""), "");
  EXPECT_EQ(find_foreign(AnswerKind::done, endpoint.signs(), answer(with_etag), "", ""), "");
}

TEST(S3Answer, APageWithAnEtagIsKnownByWhatTheListingHad) {
  AnswerSigns signs;
  signs.etags = AnswerSigns::Known::yes;
  EXPECT_EQ(find_foreign(AnswerKind::object, signs, answer(html), "e", ""), "");
  signs.request_ids = true;
  EXPECT_NE(find_foreign(AnswerKind::object, signs, answer(html), "e", ""), "");
  EXPECT_EQ(
      find_foreign(AnswerKind::object, signs, answer({{"Content-Type", "image/png"}}), "e", ""),
      "");
}

TEST(S3Answer, AListingTellsWhetherObjectsHaveEtags) {
  Endpoint endpoint(
      {.bucket = "b", .endpoint = net::HttpOrigin{.host = "h", .port = 80, .tls = false}});
  EXPECT_EQ(endpoint.signs().etags, AnswerSigns::Known::unknown);
  ObjectInfo entry;
  endpoint.learn_signs(answer({}), &entry);
  EXPECT_EQ(endpoint.signs().etags, AnswerSigns::Known::no);
  entry.etag = "e";
  endpoint.learn_signs(answer({}), &entry);
  EXPECT_EQ(endpoint.signs().etags, AnswerSigns::Known::seen);
}

TEST(S3Answer, AMarkerOfAFolderMayHaveNoEtag) {
  AnswerSigns signs;
  signs.etags = AnswerSigns::Known::seen;
  const net::HttpHeaders marker = {{"Last-Modified", "Mon, 23 Nov 2026 13:30:00 GMT"},
                                   {"Content-Type", "application/x-directory"}};
  EXPECT_EQ(find_foreign(AnswerKind::object, signs, answer(marker), "", ""), "");
  EXPECT_EQ(find_foreign(AnswerKind::object, signs, answer({}), "", ""), "it has no ETag");
  EXPECT_EQ(find_foreign(AnswerKind::object, signs, answer(html), "", ""), "it has no ETag");
  EXPECT_EQ(find_foreign(AnswerKind::written, signs, answer(marker), "", ""), "it has no ETag");
  signs.etags = AnswerSigns::Known::yes;
  EXPECT_EQ(find_foreign(AnswerKind::object, signs, answer(marker), "", ""), "it has no ETag");
}

// What every operation makes of a page that comes with 200.
class ForeignAnswerTest : public S3StoreTest {
 protected:
  template <class T>
  void expect_foreign(const Result<T>& result) {
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error().reason, ErrorReason::foreign_answer) << result.error().to_string();
    EXPECT_TRUE(is_retryable(result.error().code));
  }
  void answer_with_page() {
    Scripted answer{200, html, page};
    answer.with_etag = false;
    script_.push_back(answer);
  }
};

TEST_F(ForeignAnswerTest, IsNeverASuccess) {
  answer_with_page();
  expect_foreign(run(store().check()));
  answer_with_page();
  expect_foreign(run(store().list({})));
  answer_with_page();
  expect_foreign(run(store().head("k", "")));
  answer_with_page();
  expect_foreign(run(store().get({.key = "k"})));
  answer_with_page();
  expect_foreign(put("text"));
  answer_with_page();
  expect_foreign(run(store().remove({.key = "k"})));
  answer_with_page();
  expect_foreign(run(store().create_upload({.key = "k"})));
  answer_with_page();
  TextBody part("part");
  expect_foreign(run(store().upload_part({.key = "k", .upload_id = "u"}, part)));
  answer_with_page();
  expect_foreign(run(store().complete_upload({.key = "k", .upload_id = "u", .parts = {{1, "e"}}})));
  answer_with_page();
  expect_foreign(run(store().abort_upload("k", "u")));
  answer_with_page();
  expect_foreign(run(store().copy({.source = {"from", "k", "", "e"}, .key = "k"})));
  answer_with_page();
  expect_foreign(run(store().get_tags("k", "")));
  answer_with_page();
  expect_foreign(run(store().restore({.key = "k"})));
  answer_with_page();
  expect_foreign(run(store().create_bucket({})));
  answer_with_page();
  expect_foreign(run(store().list_uploads("k")));
  answer_with_page();
  expect_foreign(run(store().list_parts("k", "u")));
}

TEST_F(ForeignAnswerTest, NorIsAnAnswerThatCameBeforeTheBodyWasSent) {
  Scripted early{200, with_etag};
  early.reads_body = false;
  early.early = true;
  script_.push_back(early);
  expect_foreign(put("text"));
}

}  // namespace
}  // namespace dth::objects::s3
