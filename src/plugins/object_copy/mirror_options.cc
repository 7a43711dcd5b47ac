#include "plugins/object_copy/mirror_options.h"

#include <limits>

#include "plugins/object_copy/choices.h"

namespace dth::object_copy {
namespace {

Error wrong_mirror(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

}  // namespace

Result<void> parse_mirror_options(const options::ParsedValues& values, CopyOptions* options) {
  options->unverified = values.choice("unverified", unverified_choices);
  DeleteRules& deletes = options->deletes;
  deletes.count_max = values.number("delete-max");
  deletes.percent_max = values.number("delete-max-percent");
  deletes.allow_empty_source = values.flag("allow-empty-source");
  deletes.despite_failures = values.flag("delete-despite-failures");
  deletes.need_approval = values.flag("approve-deletions");
  // Then the approved number is the limit; limits that were asked for hold as well.
  if (deletes.need_approval) {
    if (!values.is_given("delete-max"))
      deletes.count_max = std::numeric_limits<std::uint64_t>::max();
    if (!values.is_given("delete-max-percent")) deletes.percent_max = 100;
  }
  if (options->action == options::Action::sync && options->scope == SourceScope::object) {
    return wrong_mirror(
        "sync makes the destination equal to everything under the source: end the source with a "
        "slash, or copy the one object "
        "with `dth copy`");
  }
  VerifyRules& verify = options->verify;
  verify.method = values.choice("method", method_choices);
  verify.sample_percent = values.number("sample");
  verify.report_extra = values.flag("report-extra");
  verify.repair = values.flag("repair");
  if (verify.sample_percent < 100 && verify.method != VerifyMethod::read_back) {
    return wrong_mirror(
        "--sample is for --method read-back: the other methods look at every object");
  }
  return Result<void>();
}

}  // namespace dth::object_copy
