#include "api/media_type.h"

#include <algorithm>
#include <tuple>

#include "base/ascii.h"

namespace dth::api {
namespace {

constexpr std::size_t ranges_max = 100;

// Up to the separator that is not within quotes; `rest` begins behind it.
std::string_view take_until(char separator, std::string_view* rest) {
  bool quoted = false;
  for (std::size_t i = 0; i < rest->size(); ++i) {
    const char c = (*rest)[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      const std::string_view taken = rest->substr(0, i);
      rest->remove_prefix(i + 1);
      return taken;
    }
  }
  return std::exchange(*rest, {});
}

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string text;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    text += value[i];
  }
  return text;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view("(),/:;<=>?@[\\]{}\"").find(static_cast<char>(c)) ==
               std::string_view::npos;
  });
}

// q in thousandths; nothing where it is no weight.
std::optional<int> parse_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
      (text.size() > 1 && text[1] != '.'))
    return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  for (std::size_t i = 2, unit = 100; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    weight += (text[i] - '0') * static_cast<int>(unit);
  }
  return weight > 1000 ? std::nullopt : std::optional(weight);
}

struct Range {
  std::string type;
  int weight = 1000;
  std::size_t place = 0;

  // How exactly it names the type; 0: not at all.
  int exactness(std::string_view offered) const {
    if (type == offered) return 3;
    if (type.ends_with("/*") &&
        offered.starts_with(std::string_view(type).substr(0, type.size() - 1)))
      return 2;
    return type == "*/*" ? 1 : 0;
  }
};

std::vector<Range> parse_accept(std::string_view accept) {
  std::vector<Range> ranges;
  while (!accept.empty() && ranges.size() < ranges_max) {
    const auto type = parse_media_type(take_until(',', &accept));
    if (!type) continue;
    Range range{type->type, 1000, ranges.size()};
    if (const std::string_view weight = type->parameter("q"); !weight.empty())
      range.weight = parse_weight(weight).value_or(0);
    // A charset other than the one we speak is none of ours.
    const std::string charset = ascii_lower(type->parameter("charset"));
    if (charset.empty() || charset == "utf-8") ranges.push_back(std::move(range));
  }
  return ranges;
}

}  // namespace

std::string_view MediaType::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& parameter) { return parameter.first == name; });
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<MediaType> parse_media_type(std::string_view text) {
  const std::string type = ascii_lower(trimmed(take_until(';', &text)));
  const std::size_t slash = type.find('/');
  if (slash == std::string::npos || !is_token(std::string_view(type).substr(0, slash)) ||
      !is_token(std::string_view(type).substr(slash + 1))) {
    return std::nullopt;
  }
  MediaType media{type};
  while (!text.empty()) {
    std::string_view value = trimmed(take_until(';', &text));
    if (value.empty()) continue;
    const std::string_view name = take_until('=', &value);
    media.parameters.emplace_back(ascii_lower(trimmed(name)), unquoted(trimmed(value)));
  }
  return media;
}

std::optional<std::size_t> choose_media_type(std::optional<std::string_view> accept,
                                             std::span<const std::string_view> offered) {
  if (!accept || trimmed(*accept).empty())
    return offered.empty() ? std::nullopt : std::optional<std::size_t>(0);
  const std::vector<Range> ranges = parse_accept(*accept);
  std::optional<std::size_t> best;
  std::tuple<int, int, std::size_t> best_rank;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    // The range that names it most exactly says how much it is wanted.
    const Range* range = nullptr;
    for (const Range& candidate : ranges) {
      if (candidate.exactness(offered[i]) > (range == nullptr ? 0 : range->exactness(offered[i])))
        range = &candidate;
    }
    if (range == nullptr || range->weight == 0) continue;
    const std::tuple rank(range->weight, range->exactness(offered[i]), ranges_max - range->place);
    if (!best || rank > best_rank) {
      best = i;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace dth::api
