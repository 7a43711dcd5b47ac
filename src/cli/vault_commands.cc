#include <memory>

#include "cli/command_line.h"
#include "cli/hub_command.h"
#include "config/setting_table.h"

namespace dth::cli {
namespace {

// Which hub: the settings that say where its state and its keys are.
void add_hub_place(Command& command, HubFlags* flags, bool has_keys) {
  add_value(command, "--config", &flags->config,
            "settings in a file of YAML, as dth serve takes it")
      .placeholder = "FILE";
  std::vector<std::string_view> names = {"data_dir", "database", "database_password_file"};
  if (has_keys) names.push_back("master_key");
  for (const std::string_view name : names) {
    const options::Option* setting = config::find_setting(name);
    CommandOption& option =
        add_value(command, config::flag_of(*setting), &flags->values[std::string(name)],
                  std::string(setting->help));
    option.placeholder = std::string(setting->placeholder);
  }
}

void add_rotate(Command& vault) {
  Command& rotate = add_command(
      vault, "rotate", "Make a new master key and seal all credentials with it; the hub may run");
  struct Flags {
    HubFlags hub;
    bool keeps_old_keys = false;
  };
  auto flags = std::make_shared<Flags>();
  add_flag(rotate, "--keep-old-keys", &flags->keeps_old_keys,
           "leave the old keys in the file: backups that were made before need them");
  add_hub_place(rotate, &flags->hub, true);
  rotate.footer = "What was interrupted is resumed by the next call.";
  rotate.run = [flags] { return vault_rotate(flags->hub, flags->keeps_old_keys); };
}

void add_verify(Command& audit) {
  Command& verify =
      add_command(audit, "verify", "Check that no entry of the audit log was changed or removed");
  struct Flags {
    HubFlags hub;
    std::string known;
  };
  auto flags = std::make_shared<Flags>();
  add_value(verify, "--expect", &flags->known,
            "the end that an earlier call printed: the log must still go through it")
      .placeholder = "ENTRY:HASH";
  add_hub_place(verify, &flags->hub, false);
  verify.run = [flags] { return audit_verify(flags->hub, flags->known); };
}

void add_export(Command& audit) {
  Command& command = add_command(audit, "export",
                                 "Print the audit log as lines of JSON, the newest entries first");
  struct Flags {
    HubFlags hub;
    AuditExport filter;
  };
  auto flags = std::make_shared<Flags>();
  add_value(command, "--actor", &flags->filter.actor, "of that user or token").placeholder = "ID";
  add_value(command, "--action", &flags->filter.action, "of that kind, such as createUser")
      .placeholder = "NAME";
  add_value(command, "--since", &flags->filter.since, "from then on").placeholder = "TIME";
  add_value(command, "--until", &flags->filter.until, "before then").placeholder = "TIME";
  add_hub_place(command, &flags->hub, false);
  command.run = [flags] { return audit_export(flags->hub, flags->filter); };
}

}  // namespace

void add_vault_commands(CommandLine& line) {
  Command& vault =
      add_command(line.root, "vault", "The vault of a hub's credentials, on its own host");
  add_rotate(vault);
  Command& audit = add_command(
      line.root, "audit", "The audit log of a hub: list asks it; verify and export on its host");
  add_audit_list(audit);
  add_verify(audit);
  add_export(audit);
}

}  // namespace dth::cli
