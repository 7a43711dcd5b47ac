#include "plugins/object_copy/rules/selection_prefixes.h"

#include <algorithm>

namespace dth::object_copy {

// What begins with a prefix follows it at once in byte order: so only neighbours need to be looked
// at, here and below.
std::vector<std::string> without_covered(std::vector<std::string> prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  std::vector<std::string> kept;
  for (std::string& prefix : prefixes) {
    if (kept.empty() || !prefix.starts_with(kept.back())) kept.push_back(std::move(prefix));
  }
  return kept;
}

void PrefixReading::see(std::string_view prefix) {
  if (!after_.empty() && (prefix <= after_ || prefix.starts_with(after_))) return;
  if (more_ && prefix >= bound_) return;
  auto at = kept_.lower_bound(prefix);
  if (at != kept_.end() && *at == prefix) return;
  if (at != kept_.begin() && prefix.starts_with(*std::prev(at))) return;
  while (at != kept_.end() && at->starts_with(prefix)) {
    bytes_ -= weight(*at);
    at = kept_.erase(at);
  }
  kept_.emplace_hint(at, prefix);
  bytes_ += weight(prefix);
  while (bytes_ > bytes_max_ && kept_.size() > 1) {
    const auto greatest = std::prev(kept_.end());
    bytes_ -= weight(*greatest);
    bound_ = *greatest;
    more_ = true;
    kept_.erase(greatest);
  }
}

}  // namespace dth::object_copy
