#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "graphql/execution/execute.h"

namespace dth::graphql {

// Documents that were parsed and validated, by their text: the least recently used goes first. Any
// thread may call.
class DocumentCache {
 public:
  // Documents longer than `document_bytes_max` are not kept. `memory_bytes_max` bounds what those
  // that are take, trees included.
  DocumentCache(std::size_t documents_max, std::size_t document_bytes_max,
                std::size_t memory_bytes_max)
      : documents_max_(documents_max),
        document_bytes_max_(document_bytes_max),
        memory_bytes_max_(memory_bytes_max) {}

  // Null where it is not there.
  std::shared_ptr<const PreparedDocument> find(const std::string& text);
  void keep(std::shared_ptr<const PreparedDocument> document);
  std::size_t size() const;
  std::size_t memory_bytes() const;

 private:
  // The keys are the documents' own texts.
  using Order = std::list<std::shared_ptr<const PreparedDocument>>;
  void drop_last();
  std::size_t documents_max_;
  std::size_t document_bytes_max_;
  std::size_t memory_bytes_max_;
  std::size_t memory_bytes_ = 0;
  mutable std::mutex mutex_;
  Order order_;
  std::unordered_map<std::string_view, Order::iterator> by_text_;
};

}  // namespace dth::graphql
