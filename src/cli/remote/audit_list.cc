// `dth audit list`.
#include <memory>

#include <boost/json.hpp>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/remote/listing.h"

namespace dth::cli {
namespace {

const std::vector<Column> audit_columns = {{"AT", "at", Column::As::time},
                                           {"WHO", "actorName"},
                                           {"BY", "actorKind"},
                                           {"FROM", "address"},
                                           {"ACTION", "action"},
                                           {"OUTCOME", "outcome"},
                                           {"ON", "targetKind"},
                                           {"NAME", "targetName"}};

struct AuditFlags {
  ListFlags list;
  std::string action, since, until;
  bool is_refused = false;
};

// A date means its beginning, in UTC.
std::string time_of(const std::string& text) {
  return text.size() == 10 ? text + "T00:00:00Z" : text;
}

int list(const AuditFlags& flags) {
  boost::json::object filter;
  if (!flags.action.empty()) filter["action"] = flags.action;
  if (!flags.since.empty()) filter["since"] = time_of(flags.since);
  if (!flags.until.empty()) filter["until"] = time_of(flags.until);
  if (flags.is_refused) filter["outcome"] = "REFUSED";
  boost::json::object variables;
  variables["filter"] = std::move(filter);
  return run_list_command(flags.list, client::documents::audit_events, "auditEvents", audit_columns,
                          std::move(variables));
}

}  // namespace

void add_audit_list(Command& audit) {
  Command& app =
      add_command(audit, "list", "Ask a hub for its audit log, the newest entries first");
  auto flags = std::make_shared<AuditFlags>();
  add_value(app, "--action", &flags->action, "of that kind, such as createUser").placeholder =
      "NAME";
  add_value(app, "--since", &flags->since, "from then on").placeholder = "TIME";
  add_value(app, "--until", &flags->until, "before then").placeholder = "TIME";
  add_flag(app, "--refused", &flags->is_refused, "only what was refused");
  add_list_options(app, &flags->list, 50);
  app.run = [flags] { return list(*flags); };
}

}  // namespace dth::cli
