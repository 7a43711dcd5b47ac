// Fields that end up under one key of the response can be merged: section 5.3.2.
//
// Each selection set is compared within itself, and with the fragments that it spreads; sets that
// may be merged are compared with each other. What was compared once is not again, and all
// comparisons together have a bound, so that no document takes long.
#include "graphql/validation/overlap.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

constexpr std::size_t message_characters_max = 1000;
constexpr std::size_t conflict_locations_max = 20;

struct FieldUse {
  const NamedType* parent = nullptr;
  const ast::Selection* selection = nullptr;
  const Field* field = nullptr;
};

// The fields of a selection set by response key, in order, and the fragments that it spreads.
struct FieldSet {
  std::vector<std::pair<std::string_view, std::vector<FieldUse>>> groups;
  std::unordered_map<std::string_view, std::size_t> group_of;
  std::vector<std::string_view> fragments;
  // Fragments that it was compared with; true: only as the fields of exclusive types.
  std::map<std::string_view, bool> compared;

  const std::vector<FieldUse>* find(std::string_view key) const {
    const auto found = group_of.find(key);
    return found != group_of.end() ? &groups[found->second].second : nullptr;
  }
};

struct Conflict {
  std::string_view key;
  std::string reason;
  std::vector<std::uint32_t> first, second;
};

std::string abbreviated(std::string_view text) {
  if (text.size() <= message_characters_max) return std::string(text);
  return std::string(text.substr(0, message_characters_max)) + "...";
}

class OverlapRules final : public Rules {
 public:
  explicit OverlapRules(Validation& validation)
      : Rules(validation), budget_(validation.options().field_comparisons_max) {}

  void enter_selections(const ast::SelectionSet& set, const NamedType* parent,
                        bool of_inline_fragment) override {
    if (of_inline_fragment || is_exhausted_ || validation_.is_done()) return;
    if (set.items.size() == 1 && set.items[0].kind != ast::SelectionKind::inline_fragment) return;
    std::vector<Conflict> conflicts;
    compare_within(field_set(parent, set), &conflicts);
    for (auto& conflict : conflicts) {
      for (const auto offset : conflict.second) conflict.first.push_back(offset);
      validation_.report(
          "Fields \"" + abbreviated(conflict.key) + "\" conflict because " + conflict.reason +
              ". Use different aliases on the fields to fetch both if this was intentional.",
          conflict.first);
    }
  }

 private:
  // False when there is nothing left to spend, which ends the validation.
  bool spend(std::size_t comparisons) {
    if (is_exhausted_) return false;
    if (budget_ < comparisons) {
      is_exhausted_ = true;
      validation_.abort(
          "The document has too many fields with the same keys to be compared with each other. Use "
          "fewer "
          "fragments and repeated fields, or several requests.");
      return false;
    }
    budget_ -= comparisons;
    return true;
  }

  FieldSet& field_set(const NamedType* parent, const ast::SelectionSet& set) {
    auto& cached = field_sets_[{parent, set.items.data()}];
    if (!cached) {
      cached = std::make_unique<FieldSet>();
      collect(parent, set, cached.get());
    }
    return *cached;
  }

  void collect(const NamedType* parent, const ast::SelectionSet& set, FieldSet* out) {
    for (const auto& selection : set.items) {
      if (selection.kind == ast::SelectionKind::fragment_spread) {
        if (std::find(out->fragments.begin(), out->fragments.end(), selection.name.text) ==
            out->fragments.end()) {
          if (!spend(1)) return;
          out->fragments.push_back(selection.name.text);
        }
      } else if (selection.kind == ast::SelectionKind::inline_fragment) {
        const NamedType* type = selection.type_condition
                                    ? validation_.schema().type(selection.type_condition.text)
                                    : parent;
        collect(type, selection.selections, out);
      } else {
        const auto key = selection.response_key();
        const auto [group, inserted] = out->group_of.emplace(key, out->groups.size());
        if (inserted) out->groups.push_back({key, {}});
        const Field* field = parent != nullptr ? parent->field(selection.name.text) : nullptr;
        out->groups[group->second].second.push_back({parent, &selection, field});
      }
    }
  }

  FieldSet* fragment_set(std::string_view name) {
    const auto* fragment = validation_.fragment(name);
    if (fragment == nullptr) return nullptr;
    return &field_set(validation_.schema().type(fragment->type_condition.text),
                      fragment->selections);
  }

  void compare_within(FieldSet& set, std::vector<Conflict>* conflicts) {
    for (const auto& [key, uses] : set.groups) {
      for (std::size_t i = 0; i < uses.size(); ++i) {
        for (std::size_t j = i + 1; j < uses.size(); ++j) {
          if (!compare(false, key, uses[i], uses[j], conflicts) || is_enough(*conflicts)) return;
        }
      }
    }
    for (std::size_t i = 0; i < set.fragments.size(); ++i) {
      compare_with_fragment(false, set, set.fragments[i], conflicts);
      for (std::size_t j = i + 1; j < set.fragments.size(); ++j) {
        if (is_exhausted_ || is_enough(*conflicts)) return;
        compare_fragments(false, set.fragments[i], set.fragments[j], conflicts);
      }
    }
  }

  // More are not reported, and do not fit into the message of the field around them.
  bool is_enough(const std::vector<Conflict>& conflicts) const {
    return conflicts.size() > validation_.options().errors_max;
  }

  void compare_sets(bool exclusive, const FieldSet& a, const FieldSet& b,
                    std::vector<Conflict>* conflicts) {
    for (const auto& [key, uses] : a.groups) {
      if (!spend(1)) return;
      const auto* others = b.find(key);
      if (others == nullptr) continue;
      for (const auto& first : uses) {
        for (const auto& second : *others) {
          if (!compare(exclusive, key, first, second, conflicts) || is_enough(*conflicts)) return;
        }
      }
    }
  }

  // With a fragment and all that it spreads. Depth first with a stack of its own: chains of
  // fragments may be long.
  void compare_with_fragment(bool exclusive, FieldSet& set, std::string_view name,
                             std::vector<Conflict>* conflicts) {
    std::vector<std::string_view> pending{name};
    while (!pending.empty()) {
      const auto next = pending.back();
      pending.pop_back();
      if (!spend(1) || set.groups.empty() || is_enough(*conflicts)) return;
      const auto compared = set.compared.find(next);
      if (compared != set.compared.end() && (!compared->second || exclusive)) continue;
      set.compared[next] = exclusive;
      FieldSet* fragment = fragment_set(next);
      if (fragment == nullptr || fragment == &set) continue;
      compare_sets(exclusive, set, *fragment, conflicts);
      pending.insert(pending.end(), fragment->fragments.rbegin(), fragment->fragments.rend());
    }
  }

  void compare_fragments(bool exclusive, std::string_view a, std::string_view b,
                         std::vector<Conflict>* conflicts) {
    std::vector<std::pair<std::string_view, std::string_view>> pending{{a, b}};
    while (!pending.empty()) {
      const auto [first, second] = pending.back();
      pending.pop_back();
      if (!spend(2) || is_enough(*conflicts)) return;
      if (first == second || !pairs_.add(first, second, exclusive)) continue;
      FieldSet* one = fragment_set(first);
      FieldSet* other = fragment_set(second);
      if (one == nullptr || other == nullptr) continue;
      compare_sets(exclusive, *one, *other, conflicts);
      for (auto name = one->fragments.rbegin(); name != one->fragments.rend(); ++name) {
        pending.emplace_back(*name, second);
      }
      for (auto name = other->fragments.rbegin(); name != other->fragments.rend(); ++name) {
        pending.emplace_back(first, *name);
      }
    }
  }

  std::vector<Conflict> compare_selections(bool exclusive, const FieldUse& a, const FieldUse& b) {
    std::vector<Conflict> conflicts;
    const auto type_of = [](const FieldUse& use) {
      return use.field != nullptr ? use.field->type.named : nullptr;
    };
    FieldSet& one = field_set(type_of(a), a.selection->selections);
    FieldSet& other = field_set(type_of(b), b.selection->selections);
    compare_sets(exclusive, one, other, &conflicts);
    for (const auto name : other.fragments) compare_with_fragment(exclusive, one, name, &conflicts);
    for (const auto name : one.fragments) compare_with_fragment(exclusive, other, name, &conflicts);
    for (const auto first : one.fragments) {
      for (const auto second : other.fragments) {
        if (is_exhausted_ || is_enough(conflicts)) return conflicts;
        compare_fragments(exclusive, first, second, &conflicts);
      }
    }
    return conflicts;
  }

  // False when the comparisons are used up.
  bool compare(bool exclusive, std::string_view key, const FieldUse& a, const FieldUse& b,
               std::vector<Conflict>* conflicts) {
    if (!spend(2)) return false;
    // Objects of two types are never the same: there the fields only have to look alike.
    exclusive = exclusive || (a.parent != b.parent && is_object(a.parent) && is_object(b.parent));
    const auto conflict = [&](std::string reason) {
      conflicts->push_back({key, std::move(reason), {a.selection->offset}, {b.selection->offset}});
    };
    if (!exclusive) {
      const auto name_a = a.selection->name.text, name_b = b.selection->name.text;
      if (name_a != name_b) {
        conflict("\"" + abbreviated(name_a) + "\" and \"" + abbreviated(name_b) +
                 "\" are different fields");
        return true;
      }
      std::size_t effort = 0;
      const bool same = same_arguments(a.selection->arguments, b.selection->arguments, &effort);
      if (!spend(effort)) return false;
      if (!same) {
        conflict("they have differing arguments");
        return true;
      }
    }
    if (a.field != nullptr && b.field != nullptr && types_conflict(a.field->type, b.field->type)) {
      conflict("they return conflicting types \"" + to_string(a.field->type) + "\" and \"" +
               to_string(b.field->type) + "\"");
      return true;
    }
    if (a.selection->selections && b.selection->selections) {
      add_below(key, a, b, compare_selections(exclusive, a, b), conflicts);
    }
    return !is_exhausted_;
  }

  static void add_below(std::string_view key, const FieldUse& a, const FieldUse& b,
                        const std::vector<Conflict>& below, std::vector<Conflict>* conflicts) {
    if (below.empty()) return;
    std::string reason;
    Conflict conflict{key, "", {a.selection->offset}, {b.selection->offset}};
    const auto append = [](std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& from) {
      const std::size_t room = conflict_locations_max - to.size();
      to.insert(to.end(), from.end() - static_cast<std::ptrdiff_t>(std::min(room, from.size())),
                from.end());
    };
    for (const auto& one : below) {
      if (reason.size() <= message_characters_max) {
        reason += std::string(reason.empty() ? "" : " and ") + "subfields \"" +
                  abbreviated(one.key) + "\" conflict because " + one.reason;
      }
      append(conflict.first, one.first);
      append(conflict.second, one.second);
    }
    conflict.reason = abbreviated(reason);
    conflicts->push_back(std::move(conflict));
  }

  static bool is_object(const NamedType* type) {
    return type != nullptr && type->kind == TypeKind::object;
  }

  // Pairs of fragments that were compared.
  class Pairs {
   public:
    // False where the comparison was made before, and said as much as this one would.
    bool add(std::string_view a, std::string_view b, bool exclusive) {
      const auto known = pairs_.find(std::minmax(a, b));
      if (known != pairs_.end() && (!known->second || exclusive)) return false;
      pairs_[std::minmax(a, b)] = exclusive;
      return true;
    }

   private:
    std::map<std::pair<std::string_view, std::string_view>, bool> pairs_;
  };

  std::size_t budget_;
  bool is_exhausted_ = false;
  std::map<std::pair<const NamedType*, const ast::Selection*>, std::unique_ptr<FieldSet>>
      field_sets_;
  Pairs pairs_;
};

}  // namespace

std::unique_ptr<Rules> overlap_rules(Validation& validation) {
  return std::make_unique<OverlapRules>(validation);
}

}  // namespace dth::graphql
