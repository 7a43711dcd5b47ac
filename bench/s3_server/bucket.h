#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "object.h"

namespace dth::bench {

struct Upload {
  std::string key;
  std::string initiated;  // ISO time
  std::vector<std::pair<std::string, std::string>> headers;
  std::map<unsigned, Part> parts;
};

struct ListQuery {
  std::string prefix;
  std::string delimiter;
  std::string after;             // keys greater than this
  bool after_is_prefix = false;  // and not beginning with it either
  std::size_t keys_max = 1000;
};

struct ListPage {
  struct Entry {
    std::string key;                       // or the common prefix
    std::shared_ptr<const Object> object;  // null: a common prefix
  };
  std::vector<Entry> entries;  // in byte order
  bool truncated = false;
};

// Objects by key, synthetic ones beneath those that were put. Whoever uses it holds the store's
// lock.
struct Bucket {
  std::map<std::string, std::shared_ptr<const Object>, std::less<>> objects;
  std::vector<std::shared_ptr<SyntheticRange>> synthetic;
  std::map<std::string, Upload> uploads;  // by upload id

  // The object of that key or null. A synthetic object cannot be deleted.
  std::shared_ptr<const Object> find(std::string_view key) const;
  ListPage list(const ListQuery& query) const;
};

}  // namespace dth::bench
