#include "cli/reference.h"

namespace dth::cli {
namespace {

// As one word of a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

bool takes_file(const ReferenceOption& option) {
  return option.placeholder.find("FILE") != std::string::npos;
}
bool takes_directory(const ReferenceOption& option) { return option.placeholder == "DIRECTORY"; }

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

// What may follow the command itself: commands beneath it, and options.
std::string words_after(const ReferenceCommand& command) {
  std::string words;
  for (const ReferenceCommand& child : command.commands) words += " " + child.name();
  for (const ReferenceOption& option : command.options) {
    if (!option.positional) words += " " + joined(option.names, " ");
  }
  return words.empty() ? words : words.substr(1);
}

// How a shell function completes the value of an option; `files` and `directories` say so in that
// shell.
std::string value_of(const ReferenceOption& option, const std::string& files,
                     const std::string& directories) {
  if (!option.choices.empty()) return "found=" + quoted(joined(option.choices, " "));
  if (takes_directory(option)) return directories;
  if (takes_file(option)) return files;
  return "found=";
}

// The cases of a shell's `case`: by command and the option whose value is completed, what that is.
std::string value_cases(const ReferenceCommand& root, const std::string& files,
                        const std::string& directories) {
  std::string text;
  for (const ReferenceCommand* command : all_commands(root)) {
    for (const ReferenceOption& option : command->options) {
      if (option.positional || option.placeholder.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names)
        patterns.push_back(quoted(command->joined_path(' ') + " " + name));
      text += "    " + joined(patterns, "|") + ") " + value_of(option, files, directories) +
              "; return 0 ;;\n";
    }
  }
  return text;
}

std::string word_cases(const ReferenceCommand& root) {
  std::string text;
  for (const ReferenceCommand* command : all_commands(root)) {
    text += "    " + quoted(command->joined_path(' ')) + ") found=" + quoted(words_after(*command));
    for (const ReferenceOption& option : command->options) {
      if (!option.positional) continue;
      if (!option.choices.empty())
        text += "; found=\"$found \"" + quoted(joined(option.choices, " "));
      if (takes_directory(option)) text += "; places=directories";
    }
    text += " ;;\n";
  }
  return text;
}

std::string command_pattern(const ReferenceCommand& root) {
  std::string text;
  for (const ReferenceCommand* command : all_commands(root)) {
    if (command->path.size() > 1)
      text += (text.empty() ? "" : "|") + quoted(command->joined_path(' '));
  }
  return text;
}

}  // namespace

std::string ReferenceCommand::joined_path(char separator) const {
  std::string text;
  for (const std::string& word : path)
    text += (text.empty() ? "" : std::string(1, separator)) + word;
  return text;
}

std::vector<const ReferenceCommand*> all_commands(const ReferenceCommand& root) {
  std::vector<const ReferenceCommand*> found = {&root};
  for (const ReferenceCommand& child : root.commands) {
    for (const ReferenceCommand* command : all_commands(child)) found.push_back(command);
  }
  return found;
}

std::string bash_completion(const ReferenceCommand& root) {
  return "# Completion of dth for bash: source it, or put it into "
         "~/.local/share/bash-completion/completions/dth\n"
         "_dth_value() {\n"
         "  case \"$1\" in\n" +
         value_cases(root, "places=files; found=", "places=directories; found=") +
         "  esac\n"
         "  return 1\n"
         "}\n"
         "_dth_words() {\n"
         "  case \"$1\" in\n" +
         word_cases(root) +
         "  esac\n"
         "}\n"
         "_dth() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path=dth "
         "found= places= i\n"
         "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
         "    case \"$path ${COMP_WORDS[i]}\" in\n"
         "    " +
         command_pattern(root) +
         ") path=\"$path ${COMP_WORDS[i]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  # bash takes the = of --option=value for a word of its own\n"
         "  if [ \"$current\" = = ]; then current=; elif [ \"$before\" = = ]; then "
         "before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
         "  _dth_value \"$path $before\" || _dth_words \"$path\"\n"
         "  COMPREPLY=($(compgen -W \"$found\" -- \"$current\"))\n"
         "  case \"$places\" in\n"
         "  files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\") ;;\n"
         "  directories) compopt -o filenames; mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < "
         "<(compgen -d -- \"$current\") ;;\n"
         "  esac\n"
         "}\n"
         "complete -F _dth dth\n";
}

std::string zsh_completion(const ReferenceCommand& root) {
  return "#compdef dth\n"
         "# Completion of dth for zsh: put it into a directory of $fpath as _dth\n"
         "_dth_value() {\n"
         "  case \"$1\" in\n" +
         value_cases(root, "places=files; found=", "places=directories; found=") +
         "  esac\n"
         "  return 1\n"
         "}\n"
         "_dth_words() {\n"
         "  case \"$1\" in\n" +
         word_cases(root) +
         "  esac\n"
         "}\n"
         "_dth() {\n"
         "  local before=${words[CURRENT-1]} path_given=dth found= places= i\n"
         "  for ((i = 2; i < CURRENT; ++i)); do\n"
         "    case \"$path_given ${words[i]}\" in\n"
         "    " +
         command_pattern(root) +
         ") path_given=\"$path_given ${words[i]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  _dth_value \"$path_given $before\" || _dth_words \"$path_given\"\n"
         "  [[ -n $found ]] && compadd -- ${(s: :)found}\n"
         "  case \"$places\" in\n"
         "  files) _files ;;\n"
         "  directories) _files -/ ;;\n"
         "  esac\n"
         "}\n"
         "compdef _dth dth\n";
}

std::string fish_completion(const ReferenceCommand& root) {
  std::string text =
      "# Completion of dth for fish: put it into ~/.config/fish/completions/dth.fish\n"
      "function __dth_path\n"
      "  set -l path dth\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    switch \"$path $word\"\n"
      "      case";
  for (const ReferenceCommand* command : all_commands(root)) {
    if (command->path.size() > 1) text += " " + fish_quoted(command->joined_path(' '));
  }
  text +=
      "\n"
      "        set path \"$path $word\"\n"
      "    end\n"
      "  end\n"
      "  test \"$path\" = \"$argv\"\n"
      "end\n"
      "complete -c dth -f\n";
  for (const ReferenceCommand* command : all_commands(root)) {
    const std::string condition =
        "complete -c dth -n " + fish_quoted("__dth_path " + command->joined_path(' '));
    for (const ReferenceCommand& child : command->commands) {
      text += condition + " -a " + child.name() + " -d " + fish_quoted(child.help) + "\n";
    }
    for (const ReferenceOption& option : command->options) {
      std::string line = condition;
      if (!option.positional) {
        for (const std::string& name : option.names)
          line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
        line += " -d " + fish_quoted(option.help);
        if (!option.placeholder.empty()) line += " -r";
      }
      if (!option.choices.empty())
        line += " -a " + fish_quoted(joined(option.choices, " "));
      else if (takes_file(option) || takes_directory(option))
        line += option.positional ? " -a '(__fish_complete_directories)'" : " -F";
      else if (option.positional)
        continue;
      text += line + "\n";
    }
  }
  return text;
}

}  // namespace dth::cli
