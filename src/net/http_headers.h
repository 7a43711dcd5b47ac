#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dth::net {

// One header field, as a view of where it lies.
struct HttpHeader {
  std::string_view name;
  std::string_view value;
  bool operator==(const HttpHeader&) const = default;
};

// Header fields in their order, names as they were spelled; a name may come more than once. They
// lie in one text as they go over the wire, line by line: a dozen fields cost two allocations, and
// a request's head is copied out in one piece. What is got out of it are views, good until it is
// changed or destroyed.
class HttpHeaders {
 public:
  HttpHeaders() = default;
  HttpHeaders(std::initializer_list<HttpHeader> fields);

  // Room for that much, so that adding does not allocate.
  void reserve(std::size_t fields, std::size_t text_bytes);
  // Copies both. They may be views of this object's own fields.
  void push_back(HttpHeader field);
  void add(std::string_view name, std::string_view value) { push_back({name, value}); }
  void append(const HttpHeaders& others);
  // In place of all of that name.
  void set(std::string_view name, std::string_view value);
  void clear();

  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }
  HttpHeader operator[](std::size_t index) const;
  // The value of the first field of that name in any case; empty where there is none.
  std::string_view value_of(std::string_view name) const;
  std::optional<std::string_view> find(std::string_view name) const;

  // All of them, each with the end of its line. Nobody has looked whether names and values are what
  // such may be.
  std::string_view lines() const { return text_; }

  class Iterator {
   public:
    using value_type = HttpHeader;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using reference = HttpHeader;
    using pointer = void;

    Iterator() = default;
    HttpHeader operator*() const { return (*fields_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(fields_, index_++); }
    bool operator==(const Iterator&) const = default;

   private:
    friend class HttpHeaders;
    Iterator(const HttpHeaders* fields, std::size_t index) : fields_(fields), index_(index) {}
    const HttpHeaders* fields_ = nullptr;
    std::size_t index_ = 0;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  // In text_: name, ": ", value, CR LF.
  struct Place {
    std::uint32_t offset, name_size, value_size;
  };
  std::string text_;
  std::vector<Place> places_;
};

}  // namespace dth::net
