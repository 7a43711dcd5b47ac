#include "base/suggestions.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace dth {
namespace {

constexpr std::size_t options_max = 1000;
constexpr std::size_t name_bytes_max = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Nothing where it is above the threshold.
std::optional<std::size_t> distance(std::string_view input, std::string_view option,
                                    std::size_t threshold) {
  if (input == option) return 0;
  const std::string a = lower_case(input), b = lower_case(option);
  if (a == b) return 1;
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > threshold) return std::nullopt;
  std::vector<std::vector<std::size_t>> rows(3, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
      }
    }
  }
  const std::size_t result = rows[a.size() % 3][b.size()];
  return result <= threshold ? std::optional(result) : std::nullopt;
}

// The number that begins at `*position`, which is moved behind it.
std::uint64_t read_number(std::string_view text, std::size_t* position) {
  std::uint64_t number = 0;
  while (*position < text.size() && is_digit(text[*position]) && number < 1'000'000'000'000'000u) {
    number = number * 10 + static_cast<std::uint64_t>(text[(*position)++] - '0');
    if (number == 0) break;
  }
  return number;
}

// Numbers within names are compared as numbers.
bool naturally_before(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const std::uint64_t x = read_number(a, &i), y = read_number(b, &j);
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() < b.size();
}

}  // namespace

std::vector<std::string> suggestions_for(std::string_view input,
                                         const std::vector<std::string>& options) {
  std::vector<std::pair<std::size_t, std::string>> found;
  if (input.size() > name_bytes_max) return {};
  const std::size_t threshold = input.size() * 2 / 5 + 1;
  for (std::size_t i = 0; i < options.size() && i < options_max; ++i) {
    if (const auto steps = distance(input, options[i], threshold))
      found.emplace_back(*steps, options[i]);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : naturally_before(a.second, b.second);
  });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::string> names;
  for (auto& [steps, name] : found) names.push_back(std::move(name));
  return names;
}

}  // namespace dth
