#pragma once

#include <list>

#include "net/client/response_parser.h"
#include "net/head_buffer.h"
#include "net/stream.h"

namespace dth::net {

// An open connection with what an exchange on it needs, so that the next one allocates nothing.
struct Connection {
  // Enters its stream into `streams`, whose owner sweeps them, for as long as it lives.
  Connection(Executor executor, std::list<Stream*>& streams)
      : stream(executor), streams_(streams), place_(streams.insert(streams.end(), &stream)) {}
  ~Connection() { streams_.erase(place_); }

  Stream stream;
  ResponseParser parser;
  HeadBuffer buffer;
  bool reusable = false;      // may it carry another request when this one is over?
  bool answer_begun = false;  // has any byte of the current answer come?
  bool closed_by_peer = false;
  MonotonicTime idle_since{};

 private:
  std::list<Stream*>& streams_;
  std::list<Stream*>::iterator place_;
};

}  // namespace dth::net
