#pragma once

#include <cstdint>

namespace dth::objects {

// Requests sent to a store, by what they cost. Each is counted when it is sent, whatever becomes of
// it.
struct RequestCounters {
  std::uint64_t get = 0;
  std::uint64_t put = 0;  // PutObject, UploadPart and their copies
  std::uint64_t list = 0;
  std::uint64_t head = 0;
  std::uint64_t remove = 0;
  std::uint64_t other = 0;  // multipart control, checks

  RequestCounters& operator+=(const RequestCounters& more) {
    get += more.get;
    put += more.put;
    list += more.list;
    head += more.head;
    remove += more.remove;
    other += more.other;
    return *this;
  }
};

}  // namespace dth::objects
