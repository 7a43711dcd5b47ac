#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "state/control/labels.h"
#include "state/sql/conditions.h"

// Labels as a column holds them: a JSON object of texts.
namespace dth::state::sql {

std::string labels_text(const Labels& labels);
// data_corrupted: not what labels_text() writes.
Result<Labels> read_labels(std::string_view text, std::string_view of);

// Those whose column `column` has the label.
void add_label(Conditions& where, std::string_view column, const Label& label);

}  // namespace dth::state::sql
