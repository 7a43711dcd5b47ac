#include "plugins/object_copy/rules/normal_forms.h"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace dth::object_copy {
namespace {

struct Freed {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

std::string normalize(std::string_view text, utf8proc_option_t form) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                                 static_cast<utf8proc_option_t>(UTF8PROC_STABLE | form));
  const std::unique_ptr<utf8proc_uint8_t, Freed> owner(mapped);
  if (size < 0) return std::string(text);
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
}

}  // namespace

std::string decompose(std::string_view text) { return normalize(text, UTF8PROC_DECOMPOSE); }

std::string compose(std::string_view text) { return normalize(text, UTF8PROC_COMPOSE); }

}  // namespace dth::object_copy
