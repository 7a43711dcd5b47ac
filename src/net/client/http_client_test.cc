#include <gmock/gmock.h>

#include "net/client/testing/client_fixture.h"

namespace dth::net {
namespace {

using testing::ClientTest;
using ::testing::HasSubstr;
using testing::ok;
using testing::Peer;
using testing::PiecesBody;
using testing::ScriptedServer;

class HttpClientTest : public ClientTest {};

TEST_F(HttpClientTest, SendsARequestAndReadsTheAnswer) {
  std::string seen;
  ScriptedServer server({[&](Peer& peer) {
    seen = peer.read_head();
    peer.send(
        "HTTP/1.1 206 Partial Content\r\nETag: \"abc\"\r\nx-amz-meta-a:  b \r\nContent-Length: "
        "5\r\n\r\nhello");
    peer.wait_for_close();
  }});
  HttpRequest request;
  request.target = "/bucket/key%20with?versionId=7";
  request.headers = {{"Range", "bytes=0-4"}, {"x-amz-date", "20260101T000000Z"}};
  auto answer = fetch(plain(server.port()), request);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->status, 206);
  EXPECT_EQ(answer->body, "hello");
  ASSERT_EQ(answer->headers.size(), 3u);
  EXPECT_EQ(answer->headers[0].name, "ETag");
  EXPECT_EQ(answer->headers[0].value, "\"abc\"");
  EXPECT_EQ(answer->headers[1].value, "b");
  EXPECT_EQ(seen, "GET /bucket/key%20with?versionId=7 HTTP/1.1\r\nHost: 127.0.0.1:" +
                      std::to_string(server.port()) +
                      "\r\nUser-Agent: dth/" DTH_VERSION
                      "\r\nRange: bytes=0-4\r\nx-amz-date: 20260101T000000Z\r\n\r\n");
}

TEST_F(HttpClientTest, HeadersAreFoundInAnyCase) {
  HttpResponse response;
  response.headers = {{"ETag", "1"}, {"etag", "2"}};
  EXPECT_EQ(response.header("etag"), "1");
  EXPECT_EQ(response.header("missing"), "");
}

TEST_F(HttpClientTest, OneConnectionCarriesManyRequests) {
  ScriptedServer server({[](Peer& peer) {
    for (int i = 0; i < 5; ++i) {
      peer.read_head();
      peer.send(ok("body " + std::to_string(i)));
    }
    peer.wait_for_close();
  }});
  for (int i = 0; i < 5; ++i) {
    auto answer = fetch(plain(server.port()));
    ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
    EXPECT_EQ(answer->body, "body " + std::to_string(i));
  }
  EXPECT_EQ(client().counters().connections_opened, 1u);
  EXPECT_EQ(client().counters().requests_sent, 5u);
}

TEST_F(HttpClientTest, ConnectionCloseIsObeyed) {
  const auto script = [](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
    peer.wait_for_close();
  };
  ScriptedServer server({script, script});
  EXPECT_EQ(fetch(plain(server.port()))->body, "x");
  EXPECT_EQ(fetch(plain(server.port()))->body, "x");
  EXPECT_EQ(client().counters().connections_opened, 2u);
}

TEST_F(HttpClientTest, BytesBehindAnAnswerSpoilTheConnection) {
  const auto script = [](Peer& peer) {
    peer.read_head();
    peer.send(ok("x") + "HTTP/1.1 200 OK\r\n");
    peer.wait_for_close();
  };
  ScriptedServer server({script, script});
  EXPECT_EQ(fetch(plain(server.port()))->body, "x");
  EXPECT_EQ(fetch(plain(server.port()))->body, "x");
  EXPECT_EQ(client().counters().connections_opened, 2u);
}

TEST_F(HttpClientTest, AnIdleConnectionThatTheServerClosedIsNotUsed) {
  ScriptedServer server({[](Peer& peer) {
                           peer.read_head();
                           peer.send(ok("first"));
                         },
                         [](Peer& peer) {
                           peer.read_head();
                           peer.send(ok("second"));
                           peer.wait_for_close();
                         }});
  EXPECT_EQ(fetch(plain(server.port()))->body, "first");
  EXPECT_EQ(fetch(plain(server.port()))->body, "second");
  EXPECT_EQ(client().counters().connections_opened, 2u);
}

TEST_F(HttpClientTest, ARequestThatMetAStaleConnectionIsSentOnceMore) {
  std::string second;
  ScriptedServer server({[](Peer& peer) {
                           peer.read_head();
                           peer.send(ok("first"));
                           peer.read_head();  // and closes: the race that a peek cannot see
                         },
                         [&](Peer& peer) {
                           peer.read_head();
                           second = peer.read_exactly(4);
                           peer.send(ok("second"));
                           peer.wait_for_close();
                         }});
  EXPECT_EQ(fetch(plain(server.port()))->body, "first");
  BytesBody body(as_bytes("data"));
  auto answer = put(server.port(), body);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->body, "second");
  EXPECT_EQ(second, "data");
  EXPECT_TRUE(answer->sent_twice);
  EXPECT_EQ(client().counters().requests_sent, 3u);
}

TEST_F(HttpClientTest, WhatMustNotBeDoneTwiceGetsAConnectionOfItsOwnAndIsSentOnce) {
  ScriptedServer server({[](Peer& peer) {
                           peer.read_head();
                           peer.send(ok("first"));
                           peer.wait_for_close();
                         },
                         [](Peer& peer) { peer.read_head(); }});  // and closes
  EXPECT_EQ(fetch(plain(server.port()))->body, "first");
  HttpRequest request;
  request.method = "POST";
  request.fresh_connection = true;
  auto answer = fetch(plain(server.port()), request);
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_EQ(client().counters().connections_opened, 2u);
  EXPECT_EQ(client().counters().requests_sent, 2u);
}

TEST_F(HttpClientTest, ABodyThatCannotBeRewoundIsNotSentOnceMore) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send(ok("first"));
    peer.read_head();
  }});
  EXPECT_EQ(fetch(plain(server.port()))->body, "first");
  PiecesBody body(4, {"data"});
  auto answer = put(server.port(), body);
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_EQ(client().counters().requests_sent, 2u);
}

TEST_F(HttpClientTest, AFreshConnectionThatClosesIsAnErrorAtOnce) {
  ScriptedServer server(
      {[](Peer& peer) { peer.read_head(); }, [](Peer& peer) { peer.read_head(); }});
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("closed the connection before it answered"));
  EXPECT_EQ(client().counters().requests_sent, 1u);
}

TEST_F(HttpClientTest, IdleConnectionsAge) {
  options.idle_max = std::chrono::milliseconds(0);
  const auto script = [](Peer& peer) {
    peer.read_head();
    peer.send(ok("x"));
    peer.wait_for_close();
  };
  ScriptedServer server({script, script});
  EXPECT_EQ(fetch(plain(server.port()))->body, "x");
  EXPECT_EQ(fetch(plain(server.port()))->body, "x");
  EXPECT_EQ(client().counters().connections_opened, 2u);
}

TEST_F(HttpClientTest, ABodyGivenUpClosesItsConnection) {
  const auto script = [](Peer& peer) {
    peer.read_head();
    peer.send(ok("all of it"));
    peer.wait_for_close();
  };
  ScriptedServer server({script, script});
  {
    auto response = testing::await(context, client().send(plain(server.port()), {}, nullptr));
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->body->size(), 9u);
  }
  EXPECT_EQ(fetch(plain(server.port()))->body, "all of it");
  EXPECT_EQ(client().counters().connections_opened, 2u);
}

TEST_F(HttpClientTest, AnswersWithoutBody) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    peer.read_head();
    peer.send("HTTP/1.1 204 No Content\r\n\r\n");
    peer.read_head();
    peer.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    peer.wait_for_close();
  }});
  HttpRequest head;
  head.method = "HEAD";
  for (const int status : {200, 204, 304, 200}) {
    auto answer = fetch(plain(server.port()), head);
    ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->body, "");
    head.method = "GET";
  }
  EXPECT_EQ(client().counters().connections_opened, 1u);
}

TEST_F(HttpClientTest, InterimAnswersAreSkipped) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
              ok("x"));
    peer.wait_for_close();
  }});
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->headers.size(), 1u);
  EXPECT_EQ(answer->body, "x");
}

Async<Result<int>> send_twice(HttpClient& client, HttpOrigin origin) {
  const HttpRequest request;
  auto first = co_await client.send(origin, request, nullptr);
  if (first.has_error()) co_return first.error();
  auto drained = co_await read_all(*first->body, 100);
  if (drained.has_error()) co_return drained.error();
  auto second = co_await client.send(origin, request, nullptr);
  if (second.has_error()) co_return second.error();
  auto end = co_await read_all(*second->body, 100);
  if (end.has_error()) co_return end.error();
  co_return 2;
}

TEST_F(HttpClientTest, ConnectionsAreBoundedAndWaitedFor) {
  options.connections_per_origin_max = 1;
  ScriptedServer server({[](Peer& peer) {
    for (int i = 0; i < 8; ++i) {
      peer.read_head();
      peer.send(ok("x"));
    }
    peer.wait_for_close();
  }});
  int done = 0;
  for (int i = 0; i < 4; ++i) {
    boost::asio::co_spawn(context, send_twice(client(), plain(server.port())),
                          [&](std::exception_ptr, Result<int> count) {
                            EXPECT_TRUE(count.has_value());
                            if (++done == 4) context.stop();
                          });
  }
  context.run();
  EXPECT_EQ(done, 4);
  EXPECT_EQ(client().counters().connections_opened, 1u);
  EXPECT_EQ(client().counters().requests_sent, 8u);
}

TEST_F(HttpClientTest, RequestsThatCannotBeSentAreRefusedBeforeAnyConnection) {
  HttpRequest request;
  request.headers = {{"x-amz-meta-a", "b\r\nx-evil: 1"}};
  auto answer = fetch(plain(1), request);
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(client().counters().connections_opened, 0u);

  PiecesBody endless(Body::size_unknown, {});
  EXPECT_EQ(put(1, endless).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(fetch(HttpOrigin{"127.0.0.1", 1, true}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dth::net
