#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace dth::object_copy {

// Ways in which a store may take two names for one, although each of them is an ordinary name. A
// destination of unknown kind is asked about each, once a run, by the first object whose name shows
// it.
enum class Folding : std::uint8_t {
  letter_case,  // upper and lower
  normal_form,  // of Unicode: one character, or a letter and its marks
  backslash,    // as a slash
  colon,        // as another character
  wildcard,     // * ? " < > | as another character
  length,       // cut at some length
  percent,      // %20 as the character that it may stand for
  plus,         // + as a space
  spaces,       // several as one
};
constexpr std::size_t folding_count = 9;
constexpr Folding all_foldings[folding_count] = {
    Folding::letter_case, Folding::normal_form, Folding::backslash,
    Folding::colon,       Folding::wildcard,    Folding::length,
    Folding::percent,     Folding::plus,        Folding::spaces};
using FoldingSet = std::bitset<folding_count>;

constexpr std::size_t index_of(Folding folding) { return static_cast<std::size_t>(folding); }

// A name of more bytes, between slashes, may be cut.
constexpr std::size_t name_size_kept = 200;

// Those that may change this name.
FoldingSet foldings_of(std::string_view key);

// Names that a store which folds so may take for the same: at most two. None: this name does not
// show it.
std::vector<std::string> folded_names(Folding folding, const std::string& key);

// May a name that folding leaves alone be taken for one that it changes? "a/b" for "a\\b".
bool reaches_other_names(Folding folding);

// What a store which folds so does not do, in words that follow its name.
std::string_view words_of(Folding folding);

// The part of the name before the first thing that any folding may change, case aside.
std::string_view before_foldable(std::string_view key);

}  // namespace dth::object_copy
