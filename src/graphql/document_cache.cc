#include "graphql/document_cache.h"

namespace dth::graphql {

std::shared_ptr<const PreparedDocument> DocumentCache::find(const std::string& text) {
  const std::lock_guard lock(mutex_);
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return order_.front();
}

void DocumentCache::keep(std::shared_ptr<const PreparedDocument> document) {
  const std::string& text = document->document->source();
  const std::size_t bytes = document->memory_bytes();
  if (text.size() > document_bytes_max_ || bytes > memory_bytes_max_ || documents_max_ == 0) return;
  const std::lock_guard lock(mutex_);
  if (by_text_.contains(text)) return;
  while (order_.size() >= documents_max_ || memory_bytes_ + bytes > memory_bytes_max_) drop_last();
  memory_bytes_ += bytes;
  order_.push_front(std::move(document));
  by_text_[order_.front()->document->source()] = order_.begin();
}

void DocumentCache::drop_last() {
  memory_bytes_ -= order_.back()->memory_bytes();
  by_text_.erase(order_.back()->document->source());
  order_.pop_back();
}

std::size_t DocumentCache::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  return memory_bytes_;
}

std::size_t DocumentCache::size() const {
  const std::lock_guard lock(mutex_);
  return order_.size();
}

}  // namespace dth::graphql
