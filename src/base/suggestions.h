#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dth {

// Those of the options that look like a misspelled `input`, the likeliest first: at a small edit
// distance (insertions, deletions, substitutions, neighbours swapped; a difference in case only
// counts as one). Options are cut to the first 1,000, inputs to 200 bytes.
std::vector<std::string> suggestions_for(std::string_view input,
                                         const std::vector<std::string>& options);

}  // namespace dth
