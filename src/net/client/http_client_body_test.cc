#include <future>

#include <gmock/gmock.h>

#include "base/async_scope.h"
#include "net/client/testing/client_fixture.h"

namespace dth::net {
namespace {

using testing::await;
using testing::ClientTest;
using ::testing::HasSubstr;
using testing::ok;
using testing::Peer;
using testing::PiecesBody;
using testing::ScriptedServer;

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 2654435761u >> 13);
  return text;
}

class ResponseBodyTest : public ClientTest {};

TEST_F(ResponseBodyTest, LargeBodiesComeInFullSpans) {
  const std::string large = pattern((3 << 20) + 17);
  ScriptedServer server({[&](Peer& peer) {
    peer.read_head();
    peer.send(ok(large));
    peer.wait_for_close();
  }});
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_TRUE(answer->body == large);
  EXPECT_EQ(answer->spans, (std::vector<std::size_t>{1 << 20, 1 << 20, 1 << 20, 17}));
  EXPECT_EQ(buffers.bytes_on_loan(), 0u);
}

TEST_F(ResponseBodyTest, ABodyOfUpToAMebibyteIsOneSpan) {
  ScriptedServer server({[&](Peer& peer) {
    for (const std::size_t size : {1u, 4096u, 20'000u, 65'536u, 65'537u, 1u << 20}) {
      peer.read_head();
      const std::string text = ok(pattern(size));
      peer.send(std::string_view(text).substr(0, text.size() / 2));
      peer.send(std::string_view(text).substr(text.size() / 2));
    }
    peer.wait_for_close();
  }});
  for (const std::size_t size : {1u, 4096u, 20'000u, 65'536u, 65'537u, 1u << 20}) {
    auto answer = fetch(plain(server.port()));
    ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
    EXPECT_TRUE(answer->body == pattern(size));
    EXPECT_EQ(answer->spans, std::vector<std::size_t>{size});
    EXPECT_TRUE(answer->told_its_end);
  }
  EXPECT_EQ(client().counters().connections_opened, 1u);
}

// What was handed out stays where it is, though its connection carries the next answer.
TEST_F(ResponseBodyTest, TheLastPieceOutlivesItsConnectionsNextAnswer) {
  const std::string first_text = pattern(4096);
  ScriptedServer server({[&](Peer& peer) {
    for (const std::string& text : {first_text, std::string(4096, 'x')}) {
      peer.read_head();
      peer.send(ok(text));
    }
    peer.wait_for_close();
  }});
  const auto keep_first = [](HttpClient* client, HttpOrigin origin) -> Async<std::string> {
    const HttpRequest request;
    auto first = co_await client->send(origin, request, nullptr);
    auto piece = co_await first->body->next();
    EXPECT_TRUE(first->body->is_at_end());
    auto second = co_await client->send(origin, request, nullptr);
    auto other = co_await second->body->next();
    EXPECT_EQ(other->size(), 4096u);
    co_return std::string(reinterpret_cast<const char*>(piece->data()), piece->size());
  };
  EXPECT_TRUE(await(context, keep_first(&client(), plain(server.port()))) == first_text);
  EXPECT_EQ(client().counters().connections_opened, 1u);
}

TEST_F(ResponseBodyTest, ATruncatedBodyIsAnErrorThatSaysHowMuchCame) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789");
  }});
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("connection closed after 10 of 1000 bytes"));
  EXPECT_EQ(buffers.bytes_on_loan(), 0u);
}

// Twice as many transfers as the pool has buffers. Each holds an object's body and has its write
// refused, with a body too large for anything but a buffer of its own: all end, however they
// interleave.
class TransfersTest : public ClientTest {
 protected:
  static Async<bool> transfer(HttpClient& client, HttpOrigin from, HttpOrigin into) {
    HttpRequest get;
    get.pooled_size = 1 << 20;
    auto source = co_await client.send(from, std::move(get), nullptr);
    if (source.has_error()) co_return false;
    auto piece = co_await source->body->next();
    if (piece.has_error() || piece->size() != 1 << 20) co_return false;
    HttpRequest put;
    put.method = "PUT";
    auto refusal = co_await client.send(into, std::move(put), nullptr);
    if (refusal.has_error() || refusal->status != 503) co_return false;
    auto text = co_await read_all(*refusal->body, 1 << 20);
    co_return text.has_value() && text->size() == 200'000;
  }
  static Async<void> run_transfer(HttpClient& client, HttpOrigin from, HttpOrigin into,
                                  int* ended) {
    const bool is_done = co_await transfer(client, from, into);
    if (is_done) ++*ended;
  }
};

TEST_F(TransfersTest, ThatAreAllRefusedWithLargeBodiesEnd) {
  constexpr int count = 8;
  const std::string object = ok(pattern(1 << 20));
  const std::string text = pattern(200'000);
  const auto gives = [&](Peer& peer) {
    while (!peer.read_head().empty()) peer.send(object);
  };
  const auto refuses = [&](Peer& peer) {
    while (!peer.read_head().empty())
      peer.send("HTTP/1.1 503 Slow Down\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n" + text +
                "\r\n0\r\n\r\n");
  };
  ScriptedServer from(std::vector<ScriptedServer::Script>(count, gives));
  ScriptedServer into(std::vector<ScriptedServer::Script>(count, refuses));
  BufferPool few(context.get_executor(), (count / 2) << 20);
  options.buffer_stall_max = std::chrono::seconds(10);
  HttpClient transferring(context.get_executor(), clock, few, options);
  int ended = 0;
  AsyncScope scope(context.get_executor());
  for (int i = 0; i < count; ++i)
    scope.spawn(run_transfer(transferring, plain(from.port()), plain(into.port()), &ended));
  await(context, [](AsyncScope& all) -> Async<bool> {
    co_await all.join();
    co_return true;
  }(scope));
  EXPECT_EQ(ended, count);
  EXPECT_EQ(few.bytes_on_loan(), 0u);
}

TEST_F(TransfersTest, WaitForMemoryBeforeTheyAskForAnything) {
  ScriptedServer server({[](Peer& peer) { peer.wait_for_close(); }});
  BufferPool one(context.get_executor(), 1 << 20);
  const Buffer taken = await(context, one.acquire(1 << 20)).value();
  options.buffer_stall_max = std::chrono::milliseconds(5);
  HttpClient waiting(context.get_executor(), clock, one, options);
  HttpRequest get;
  get.pooled_size = 1 << 20;
  auto response = await(context, fetch(waiting, plain(server.port()), std::move(get), nullptr));
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().code, ErrorCode::timeout);
  EXPECT_EQ(waiting.counters().requests_sent, 0u);
  EXPECT_EQ(waiting.counters().connections_opened, 0u);
}

TEST_F(ResponseBodyTest, ABodyLargerThanWasSaidComesWholeWithoutAWait) {
  const std::string large = pattern(300'000);
  for (const std::uint64_t pool_size : {64u << 10, 2u << 20}) {
    ScriptedServer server({[&](Peer& peer) {
      peer.read_head();
      peer.send(ok(large));
      peer.wait_for_close();
    }});
    BufferPool pool(context.get_executor(), pool_size);
    HttpClient reading(context.get_executor(), clock, pool, options);
    HttpRequest get;
    get.pooled_size = 20'000;
    auto answer = await(context, fetch(reading, plain(server.port()), std::move(get), nullptr));
    ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
    EXPECT_TRUE(answer->body == large);
    EXPECT_EQ(answer->spans.size(), pool_size > 300'000 ? 1u : 5u);
    EXPECT_EQ(pool.bytes_on_loan(), 0u);
  }
}

TEST_F(ResponseBodyTest, ChunkedBodiesAreDecoded) {
  const std::string large = pattern((1 << 20) + 5);
  ScriptedServer server({[&](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;name=value\r\nhello\r\n");
    peer.send("6\r\n world\r\n0\r\nx-trailer: 1\r\n\r\n");
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100005\r\n" + large +
              "\r\n0\r\n\r\n");
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    peer.wait_for_close();
  }});
  auto small = fetch(plain(server.port()));
  ASSERT_TRUE(small.has_value()) << small.error().to_string();
  EXPECT_EQ(small->body, "hello world");
  EXPECT_EQ(small->spans, std::vector<std::size_t>{11});
  EXPECT_TRUE(small->told_its_end);
  EXPECT_EQ(small->headers.size(), 1u);
  auto big = fetch(plain(server.port()));
  ASSERT_TRUE(big.has_value()) << big.error().to_string();
  EXPECT_TRUE(big->body == large);
  EXPECT_EQ(fetch(plain(server.port()))->body, "");
  EXPECT_EQ(client().counters().connections_opened, 1u);
}

TEST_F(ResponseBodyTest, ABrokenChunkedBodyIsAnError) {
  const auto script = [](std::string body) {
    return [body](Peer& peer) {
      peer.read_head();
      peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    };
  };
  ScriptedServer server({script("5\r\nhel"), script("5\r\nhello\r\n"), script("zz\r\nhello\r\n"),
                         script("5;" + std::string(300'000, 'x') + "\r\nhello\r\n0\r\n\r\n")});
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::unavailable);
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::unavailable);
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::data_corrupted);
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::data_corrupted);
}

TEST_F(ResponseBodyTest, ABodyWithoutLengthEndsWithTheConnection) {
  const std::string large = pattern((1 << 20) + 100);
  ScriptedServer server({[&](Peer& peer) {
                           peer.read_head();
                           peer.send("HTTP/1.1 200 OK\r\n\r\n" + large);
                         },
                         [&](Peer& peer) {
                           peer.read_head();
                           peer.send("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n");
                         }});
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_TRUE(answer->body == large);
  EXPECT_EQ(answer->spans, (std::vector<std::size_t>{1 << 20, 100}));
  EXPECT_TRUE(answer->told_its_end);
  EXPECT_EQ(fetch(plain(server.port()))->body, "");
  EXPECT_EQ(client().counters().connections_opened, 2u);
}

class RequestBodyTest : public ClientTest {};

TEST_F(RequestBodyTest, LargeBodiesArriveWhole) {
  const std::string large = pattern((4 << 20) + 3);
  std::string head, received;
  ScriptedServer server({[&](Peer& peer) {
    head = peer.read_head();
    received = peer.read_exactly(large.size());
    peer.send(ok("stored"));
    peer.read_head();
    peer.send(ok("again"));
    peer.wait_for_close();
  }});
  BytesBody body(as_bytes(large));
  auto answer = put(server.port(), body);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->body, "stored");
  EXPECT_TRUE(received == large);
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 4194307\r\n"));
  EXPECT_EQ(fetch(plain(server.port()))->body, "again");
  EXPECT_EQ(client().counters().connections_opened, 1u);
}

TEST_F(RequestBodyTest, AnEmptyPutSaysSo) {
  std::string head;
  ScriptedServer server({[&](Peer& peer) {
    head = peer.read_head();
    peer.send(ok(""));
    peer.wait_for_close();
  }});
  HttpRequest request;
  request.method = "PUT";
  EXPECT_EQ(fetch(plain(server.port()), request)->status, 200);
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 0\r\n"));
}

TEST_F(RequestBodyTest, ABodyTooShortOrTooLongIsAnErrorAndTheConnectionIsClosed) {
  const auto script = [](Peer& peer) { peer.wait_for_close(); };
  ScriptedServer server({script, script, script});
  PiecesBody too_short(10, {"12345"});
  EXPECT_EQ(put(server.port(), too_short).error().code, ErrorCode::internal);
  PiecesBody too_long(10, {"12345", "678901"});
  EXPECT_EQ(put(server.port(), too_long).error().code, ErrorCode::internal);
  PiecesBody more_behind(10, {"1234567890", "1"});
  EXPECT_EQ(put(server.port(), more_behind).error().code, ErrorCode::internal);
  EXPECT_EQ(client().counters().connections_opened, 3u);
}

TEST_F(RequestBodyTest, AnErrorOfTheBodyComesBackAsItIs) {
  const auto script = [](Peer& peer) { peer.wait_for_close(); };
  ScriptedServer server({script, script});
  PiecesBody body(10, {"12345"});
  body.failure = Error{ErrorCode::data_corrupted, "the source is broken", "why"};
  auto answer = put(server.port(), body);
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::data_corrupted);
  EXPECT_EQ(answer.error().message, "the source is broken");
}

TEST_F(RequestBodyTest, AnEarlyAnswerEndsTheUpload) {
  const std::string large = pattern(32 << 20);
  ScriptedServer server({[](Peer& peer) {
                           peer.read_head();
                           peer.read_exactly(1000);
                           // Reads no more, so that the client is stuck until it sees this.
                           peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\ndenied");
                           peer.read_until("never");
                         },
                         [](Peer& peer) {
                           peer.read_head();
                           peer.send(ok("next"));
                           peer.wait_for_close();
                         }});
  BytesBody body(as_bytes(large));
  auto answer = put(server.port(), body);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->status, 403);
  EXPECT_EQ(answer->body, "denied");
  EXPECT_EQ(fetch(plain(server.port()))->body, "next");
  EXPECT_EQ(client().counters().connections_opened, 2u);
}

// Gives its second piece only when the server is known to have answered and gone.
class GatedBody final : public Body {
 public:
  explicit GatedBody(std::thread* server_end) : server_end_(server_end), piece_(1000, 'x') {}
  std::uint64_t size() const override { return 100'000; }
  Async<Result<Bytes>> next() override {
    if (++count_ == 2) server_end_->join();
    co_return as_bytes(piece_);
  }

 private:
  std::thread* server_end_;
  std::string piece_;
  int count_ = 0;
};

TEST_F(RequestBodyTest, AnAnswerBeforeACloseIsReadThoughWritingFails) {
  std::promise<void> answered;
  ScriptedServer server({[&](Peer& peer) {
    peer.read_head();
    peer.read_exactly(1000);
    peer.send("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 6\r\n\r\ndenied");
    peer.shut_down();
    answered.set_value();
  }});
  std::thread waiter([&] { answered.get_future().wait(); });
  GatedBody body(&waiter);
  auto answer = put(server.port(), body);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->status, 403);
  EXPECT_EQ(answer->body, "denied");
}

TEST_F(RequestBodyTest, ContinueIsWaitedFor) {
  std::string head, before, received;
  ScriptedServer server({[&](Peer& peer) {
    head = peer.read_head();
    peer.send("HTTP/1.1 100 Continue\r\n\r\n");
    received = peer.read_exactly(4);
    peer.send(ok("stored"));
    peer.read_head();
    peer.send(ok("again"));
    peer.wait_for_close();
  }});
  BytesBody body(as_bytes("data"));
  auto answer = put(server.port(), body, true);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->body, "stored");
  EXPECT_EQ(received, "data");
  EXPECT_THAT(head, HasSubstr("\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(fetch(plain(server.port()))->body, "again");
  EXPECT_EQ(client().counters().connections_opened, 1u);
}

TEST_F(RequestBodyTest, AServerThatDoesNotKnowContinueGetsTheBodyAllTheSame) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send(ok(peer.read_exactly(4)));
    peer.wait_for_close();
  }});
  BytesBody body(as_bytes("data"));
  auto answer = put(server.port(), body, true);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->body, "data");
}

TEST_F(RequestBodyTest, ARefusalInsteadOfContinueClosesTheConnection) {
  std::promise<std::string> after;
  ScriptedServer server({[&](Peer& peer) {
                           peer.read_head();
                           peer.send(
                               "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 2\r\n\r\nno");
                           after.set_value(peer.read_until("never"));
                         },
                         [](Peer& peer) {
                           peer.read_head();
                           peer.send(ok("next"));
                           peer.wait_for_close();
                         }});
  BytesBody body(as_bytes("data"));
  auto answer = put(server.port(), body, true);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->status, 412);
  EXPECT_EQ(answer->body, "no");
  EXPECT_EQ(fetch(plain(server.port()))->body, "next");
  EXPECT_EQ(after.get_future().get(), "");
  EXPECT_EQ(client().counters().connections_opened, 2u);
}

}  // namespace
}  // namespace dth::net
