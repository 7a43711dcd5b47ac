#include "control/identity/password_rules.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/encoding.h"

namespace dth::control {
namespace {

// What people choose where they have to choose something.
constexpr std::array<std::string_view, 72> common_words = {"password",
                                                           "passwort",
                                                           "passw",
                                                           "pass",
                                                           "passphrase",
                                                           "secret",
                                                           "letmein",
                                                           "welcome",
                                                           "hello",
                                                           "admin",
                                                           "administrator",
                                                           "root",
                                                           "user",
                                                           "username",
                                                           "login",
                                                           "test",
                                                           "testing",
                                                           "guest",
                                                           "default",
                                                           "changeme",
                                                           "change",
                                                           "temp",
                                                           "temporary",
                                                           "example",
                                                           "sample",
                                                           "demo",
                                                           "master",
                                                           "super",
                                                           "superuser",
                                                           "system",
                                                           "server",
                                                           "service",
                                                           "computer",
                                                           "internet",
                                                           "database",
                                                           "cloud",
                                                           "company",
                                                           "office",
                                                           "summer",
                                                           "winter",
                                                           "spring",
                                                           "autumn",
                                                           "january",
                                                           "february",
                                                           "december",
                                                           "monday",
                                                           "friday",
                                                           "sunday",
                                                           "dragon",
                                                           "monkey",
                                                           "football",
                                                           "baseball",
                                                           "princess",
                                                           "sunshine",
                                                           "shadow",
                                                           "iloveyou",
                                                           "love",
                                                           "trustno",
                                                           "starwars",
                                                           "batman",
                                                           "superman",
                                                           "whatever",
                                                           "freedom",
                                                           "mustang",
                                                           "hunter",
                                                           "correcthorsebatterystaple",
                                                           "datatransferhub",
                                                           "datatransfer",
                                                           "transfer",
                                                           "dth",
                                                           "console",
                                                           "hub"};

// Rows in which neighbours follow each other, forwards and backwards.
constexpr std::array<std::string_view, 9> rows = {"abcdefghijklmnopqrstuvwxyz",
                                                  "01234567890123456789",
                                                  "qwertyuiopasdfghjklzxcvbnm",
                                                  "qwertzuiopasdfghjklyxcvbnm",
                                                  "azertyuiopqsdfghjklmwxcvbn",
                                                  "asdfghjkl",
                                                  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
                                                  "qazwsxedcrfvtgbyhnujmikolp",
                                                  "1q2w3e4r5t6y7u8i9o0p"};

constexpr std::size_t walk_min = 4;  // neighbours that make a row

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// "p@ssw0rd": "password".
char plain(char c) {
  switch (c) {
    case '@':
    case '4':
      return 'a';
    case '3':
      return 'e';
    case '1':
    case '!':
      return 'i';
    case '0':
      return 'o';
    case '$':
    case '5':
      return 's';
    case '7':
      return 't';
    default:
      return c;
  }
}

// Nothing is left of it but common words: each is taken off the front.
bool is_words(std::string_view text) {
  while (!text.empty()) {
    std::size_t longest = 0;
    for (const std::string_view word : common_words) {
      if (text.starts_with(word)) longest = std::max(longest, word.size());
    }
    if (longest == 0) return false;
    text.remove_prefix(longest);
  }
  return true;
}

std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (is_letter(c)) letters += c;
  }
  return letters;
}

// Digits and signs at both ends are no part of the word.
std::string_view core_of(std::string_view text) {
  while (!text.empty() && !is_letter(text.front())) text.remove_prefix(1);
  while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
  return text;
}

// How many characters stand in pieces of rows of at least walk_min.
std::size_t walked(std::string_view text) {
  std::size_t sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t longest = 0;
    for (const std::string_view row : rows) {
      const std::string backwards(row.rbegin(), row.rend());
      for (const std::string_view way : {row, std::string_view(backwards)}) {
        std::size_t size = walk_min;
        while (at + size <= text.size() && way.find(text.substr(at, size)) != way.npos) {
          longest = std::max(longest, size);
          ++size;
        }
      }
    }
    sum += longest;
    at += std::max<std::size_t>(longest, 1);
  }
  return sum;
}

std::size_t different_characters(std::string_view text) {
  std::string sorted(text);
  std::ranges::sort(sorted);
  return static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
}

// "abcabcabcabc": one piece of at most a third again and again.
bool repeats(std::string_view text) {
  for (std::size_t period = 1; period <= text.size() / 3; ++period) {
    bool same = true;
    for (std::size_t i = period; same && i < text.size(); ++i) same = text[i] == text[i - period];
    if (same) return true;
  }
  return false;
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message), ""}; }

bool is_made_of(const std::string& password, std::string_view part) {
  const std::string lower = ascii_lower(part);
  return lower.size() >= 4 && password.find(lower) != std::string::npos &&
         password.size() < lower.size() + password_characters_min / 2;
}

}  // namespace

bool is_common_password(std::string_view password) {
  const std::string lower = ascii_lower(password);
  if (different_characters(lower) < 4 || repeats(lower)) return true;
  if (walked(lower) + 3 >= lower.size()) return true;
  std::string undisguised = lower;
  std::ranges::transform(undisguised, undisguised.begin(), plain);
  for (const std::string& text : {lower, undisguised}) {
    if (is_words(letters_of(core_of(text)))) return true;
  }
  // Digits that end a word are read as digits, those within it as letters: "p4ssw0rd1234".
  std::string_view core = core_of(lower);
  std::string disguised(core);
  std::ranges::transform(disguised, disguised.begin(), plain);
  return is_words(letters_of(disguised));
}

Result<void> check_password(std::string_view password, std::string_view name,
                            std::string_view email) {
  if (password.size() > password_bytes_max)
    return wrong("The password is longer than 1 KiB: choose a shorter one.");
  if (!is_valid_utf8(password)) return wrong("The password is not valid UTF-8 text.");
  if (character_count(password) < password_characters_min)
    return wrong("The password has fewer than 12 characters: choose a longer one.");
  if (is_common_password(password)) {
    return wrong(
        "The password is one of those that are tried first: choose another one, such as four words "
        "that have nothing to do with each other.");
  }
  const std::string lower = ascii_lower(password);
  if (is_made_of(lower, name) || is_made_of(lower, email.substr(0, email.find('@'))))
    return wrong("The password is made of the user's name or address: choose another one.");
  return {};
}

}  // namespace dth::control
