// Jobs' payloads and ledger lines: read back from where somebody may have altered them.
#include "fuzz/fuzz.h"
#include "ledger/ledger.h"
#include "plugins/object_copy/payloads.h"

using namespace dth;
using namespace dth::object_copy;

namespace {

// What was read is written such that it reads the same.
template <class Parse>
void check(Parse parse, std::string_view text, const char* what) {
  const auto value = parse(text);
  if (value.has_error()) return fuzz::require_printable(value.error().message, what);
  const std::string written = to_json(*value);
  const auto again = parse(written);
  fuzz::require(again.has_value() && to_json(*again) == written, what);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  check(parse_scan_payload, text, "scan");
  check(parse_copy_payload, text, "copy");
  check(parse_restore_payload, text, "restore");
  check(parse_upload_plan, text, "plan");
  check(parse_part_payload, text, "part");
  check(parse_part_outcome, text, "outcome");
  check(parse_finish_payload, text, "finish");
  if (const auto line = ledger::parse_line(text)) {
    std::string written;
    ledger::append_json(*line, &written);
    fuzz::require(written.find('\n') == written.size() - 1 || written.find('\n') == written.npos,
                  "a line is one line");
    const auto again = ledger::parse_line(written);
    fuzz::require(again.has_value() && again->key == line->key && again->outcome == line->outcome,
                  "a line comes back");
  }
  return 0;
}
