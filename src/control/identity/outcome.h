#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace dth::control {

// What somebody can put right about what they asked for.
enum class FaultKind {
  required,
  invalid,
  too_long,
  out_of_range,
  taken,
  not_found,
  stale_revision,
  wrong_state,
  limit_reached,
  weak_password,
  wrong_password,
  expired,
  in_use,
  unsupported,
  confirmation_required,
};

struct Fault {
  FaultKind kind = FaultKind::invalid;
  std::string field;  // of the input: "email"; empty: all of it
  std::string message;
};

// What a use case came to: the thing, or what was wrong with the input, all of it at once. A
// failure that the sender cannot put right is the Error of the Result around it.
template <class T>
struct Outcome {
  std::optional<T> value = {};
  std::vector<Fault> faults = {};

  static Outcome of(T value) {
    Outcome outcome;
    outcome.value = std::move(value);
    return outcome;
  }
  static Outcome refused(std::vector<Fault> faults) {
    Outcome outcome;
    outcome.faults = std::move(faults);
    return outcome;
  }
  static Outcome refused(FaultKind kind, std::string field, std::string message) {
    Outcome outcome;
    outcome.faults.push_back({kind, std::move(field), std::move(message)});
    return outcome;
  }
};

// The fault that a refusal of the state stands for; nothing: it is a failure. `taken_field`: what
// already_exists is about.
std::optional<Fault> fault_of(const Error& error, std::string_view taken_field = "");

}  // namespace dth::control
