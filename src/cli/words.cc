#include "cli/words.h"

#include <algorithm>

#include "base/suggestions.h"

namespace dth::cli {
namespace {

constexpr std::size_t suggestions_max = 2;

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  for (const CLI::App* child : commands_of(app)) {
    if (child->get_name() == name) return child;
  }
  return nullptr;
}

std::string path_of(const CLI::App& app) {
  return app.get_parent() ? path_of(*app.get_parent()) + " " + app.get_name() : app.get_name();
}

// Before a message: "run list: ", nothing of the program itself.
std::string where(const CLI::App& app) {
  const std::string path = path_of(app);
  return app.get_parent() ? path.substr(path.find(' ') + 1) + ": " : "";
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_min() > 0; }

Error usage(std::string message) { return Error{ErrorCode::invalid_argument, std::move(message), ""}; }

// "a, b or c"
std::string listed(const std::vector<std::string>& names, const std::string& last = " or ") {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : &name == &names.back() ? last : ", ") + name;
  return text;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* child : commands_of(app)) {
    if (!child->get_group().empty()) names.push_back(child->get_name());
  }
  return names;
}

// Commands anywhere below `app` whose last word is `name`, as they are typed.
void find_elsewhere(const CLI::App& app, const std::string& name, std::vector<std::string>* found) {
  for (const CLI::App* child : commands_of(app)) {
    if (child->get_name() == name) found->push_back(path_of(*child));
    find_elsewhere(*child, name, found);
  }
}

Error unknown_command(const CLI::App& app, const std::string& word) {
  std::string text = where(app) + "there is no command \"" + word + "\".";
  std::string near = did_you_mean(word, command_names(app));
  if (std::vector<std::string> elsewhere; near.empty()) {
    find_elsewhere(app, word, &elsewhere);
    if (!elsewhere.empty()) near = " Did you mean \"" + elsewhere.front() + "\"?";
  }
  return usage(text + (near.empty() ? " The commands are " + listed(command_names(app)) + "." : near));
}

// Commands of which this is an option, as they are typed.
void find_owners(const CLI::App& app, const std::string& option, std::vector<std::string>* found) {
  if (app.get_option_no_throw(option)) found->push_back(path_of(app));
  for (const CLI::App* child : commands_of(app)) find_owners(*child, option, found);
}

Error unknown_option(const CLI::App& root, const CLI::App& app, const std::string& name) {
  const std::string text = where(app) + "there is no option " + name + ".";
  std::vector<std::string> known, owners;
  find_owners(root, name, &owners);
  if (!owners.empty()) return usage(text + " It belongs to " + listed(owners) + ".");
  if (name.size() == 2) return usage(text);  // any letter is close to any other
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& long_name : option->get_lnames()) known.push_back("--" + long_name);
  }
  return usage(text + did_you_mean(name, known));
}

class Reader {
 public:
  Reader(const CLI::App& root, const std::vector<std::string>& typed) : root_(root), app_(&root), typed_(typed) {}

  Result<std::vector<std::string>> read() {
    for (; at_ < typed_.size(); ++at_) {
      const std::string& word = typed_[at_];
      if (word == "--") break;
      Result<void> taken;
      if (word.size() > 2 && word.starts_with("--")) {
        taken = take_long(word);
      } else if (word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9')) {
        taken = take_short(word);
      } else {
        taken = take_plain(word);
      }
      if (taken.has_error()) return taken.error();
    }
    words_.insert(words_.end(), typed_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, typed_.size())), typed_.end());
    if (!commands_of(*app_).empty() && !asks_for_help_) {
      return usage(where(*app_) + "which command? It takes " + listed(command_names(*app_)) + ".");
    }
    return std::move(words_);
  }

  const CLI::App& app() const { return *app_; }

 private:
  Result<void> take_long(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const CLI::Option* option = app_->get_option_no_throw(name);
    if (!option) return unknown_option(root_, *app_, name);
    if (!takes_value(*option)) {
      note(name);
      words_.push_back(word);
      return {};
    }
    return equals == word.npos ? take_next_for(name) : take_value(name, word.substr(equals + 1));
  }

  // "-q", "-o json", "-ojson", "-qo json".
  Result<void> take_short(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name = {'-', word[i]};
      const CLI::Option* option = app_->get_option_no_throw(name);
      if (!option) return unknown_option(root_, *app_, name);
      if (takes_value(*option)) {
        return i + 1 == word.size() ? take_next_for(name) : take_value(name, word.substr(i + 1));
      }
      note(name);
      words_.push_back(name);
    }
    return {};
  }

  Result<void> take_next_for(const std::string& name) {
    if (at_ + 1 == typed_.size()) return usage(where(*app_) + name + " lacks its value.");
    return take_value(name, typed_[++at_]);
  }

  // An unset variable of a script is an empty value. What it would mean, everything or the default, is nothing to guess.
  Result<void> take_value(const std::string& name, const std::string& value) {
    if (value.empty()) return usage(where(*app_) + "the value of " + name + " is empty; leave the option out where nothing is meant.");
    words_.insert(words_.end(), {name, value});
    return {};
  }

  Result<void> take_plain(const std::string& word) {
    if (commands_of(*app_).empty()) return take_positional(word);
    if (const CLI::App* child = find_command(*app_, word)) {
      app_ = child;
      words_.push_back(word);
      return {};
    }
    if (word == "help") {
      // "help copy" is "copy --help"
      while (at_ + 1 < typed_.size()) {
        const CLI::App* child = find_command(*app_, typed_[at_ + 1]);
        if (!child) return unknown_command(*app_, typed_[at_ + 1]);
        app_ = child;
        words_.push_back(typed_[++at_]);
      }
      words_.emplace_back("--help");
      asks_for_help_ = true;
      return {};
    }
    if (word == "version" && app_ == &root_) {
      words_.emplace_back("--version");
      asks_for_help_ = true;
      return {};
    }
    return unknown_command(*app_, word);
  }

  Result<void> take_positional(const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app_->get_options()) {
      if (!option->get_positional()) continue;
      if (option->get_allow_extra_args()) names.resize(typed_.size());  // it takes all there are
      names.push_back(option->get_name(true));
    }
    if (positionals_++ >= names.size()) {
      return usage(where(*app_) + "\"" + word + "\" is one word too many; it takes " +
                   (names.empty() ? "options only" : listed(names, " and ")) + ".");
    }
    words_.push_back(word);
    return {};
  }

  void note(const std::string& name) { asks_for_help_ = asks_for_help_ || name == "--help" || name == "-h" || name == "--version"; }

  const CLI::App& root_;
  const CLI::App* app_;
  const std::vector<std::string>& typed_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  std::size_t positionals_ = 0;
  bool asks_for_help_ = false;
};

}  // namespace

void take_values_as_typed(CLI::App& root) {
  for (CLI::Option* option : root.get_options([](const CLI::Option*) { return true; })) {
    if (option->nonpositional()) option->allow_extra_args(false);
  }
  for (CLI::App* child : root.get_subcommands([](const CLI::App*) { return true; })) take_values_as_typed(*child);
}

Result<std::vector<std::string>> read_words(const CLI::App& root, const std::vector<std::string>& typed) {
  return Reader(root, typed).read();
}

std::string command_of(const CLI::App& root, const std::vector<std::string>& typed) {
  Reader reader(root, typed);
  (void)reader.read().has_error();  // as far as it gets
  return path_of(reader.app());
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& known) {
  std::vector<std::string> near = suggestions_for(typed, known);
  near.resize(std::min(near.size(), suggestions_max));
  std::vector<std::string> quoted;
  for (const std::string& name : near) quoted.push_back("\"" + name + "\"");
  return near.empty() ? "" : " Did you mean " + listed(quoted) + "?";
}

std::string not_a_choice(const std::string& option, const std::string& typed, const std::vector<std::string>& words) {
  const std::string near = did_you_mean(typed, words);
  return "invalid value \"" + typed + "\" for " + option + ": expected " + listed(words) + (near.empty() ? "" : "." + near);
}

}  // namespace dth::cli
