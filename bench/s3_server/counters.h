#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace dth::bench {

enum class Operation {
  put_object,
  get_object,
  head_object,
  delete_object,
  delete_objects,
  list_objects_v2,
  list_objects_v1,
  create_multipart_upload,
  upload_part,
  complete_multipart_upload,
  abort_multipart_upload,
  list_multipart_uploads,
  list_parts,
  head_bucket,
  create_bucket,
  list_buckets,
  get_subresource,
  unknown
};

// What was seen since the last reset. Thread-safe.
class Counters {
 public:
  void add_request(Operation operation) { ++requests_[static_cast<std::size_t>(operation)]; }
  void add_error(int status);
  void add_body_bytes_in(std::uint64_t bytes) { bytes_in_ += bytes; }
  void add_body_bytes_out(std::uint64_t bytes) { bytes_out_ += bytes; }
  void add_connection() { ++connections_; }
  void reset();

  // {"PutObject": 3, ..., "errors": {...}}; operations never seen are left out.
  std::string json() const;

 private:
  static constexpr std::size_t operations = static_cast<std::size_t>(Operation::unknown) + 1;
  std::array<std::atomic<std::uint64_t>, operations> requests_{};
  std::atomic<std::uint64_t> client_errors_{0};
  std::atomic<std::uint64_t> server_errors_{0};
  std::atomic<std::uint64_t> bytes_in_{0};
  std::atomic<std::uint64_t> bytes_out_{0};
  std::atomic<std::uint64_t> connections_{0};
};

}  // namespace dth::bench
