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
  // Documents longer than `bytes_max` are not kept.
  DocumentCache(std::size_t documents_max, std::size_t bytes_max)
      : documents_max_(documents_max), bytes_max_(bytes_max) {}

  // Null where it is not there.
  std::shared_ptr<const PreparedDocument> find(const std::string& text);
  void keep(std::shared_ptr<const PreparedDocument> document);
  std::size_t size() const;

 private:
  // The keys are the documents' own texts.
  using Order = std::list<std::shared_ptr<const PreparedDocument>>;
  std::size_t documents_max_;
  std::size_t bytes_max_;
  mutable std::mutex mutex_;
  Order order_;
  std::unordered_map<std::string_view, Order::iterator> by_text_;
};

}  // namespace dth::graphql
