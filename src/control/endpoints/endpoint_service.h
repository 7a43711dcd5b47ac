#pragma once

#include <span>
#include <string>
#include <vector>

#include "control/identity/outcome.h"
#include "objects/store_opener.h"
#include "state/control/control_state.h"

namespace dth::control {

// What somebody says of an endpoint.
struct EndpointInput {
  std::string name;
  std::string kind;
  std::string vendor = {};  // a template's name; empty: none
  std::string description = {};
  options::Values options = {};  // by the names of the kind's options; empty ones are not given
  std::string credential = {};   // the id of one of the vault; empty: none
  // In their order: one that comes twice is a fault.
  std::vector<state::Label> labels = {};
};

// A change: everything but the kind becomes that of `endpoint`.
struct EndpointChange {
  std::string id;
  std::int64_t revision = 0;  // that its sender saw
  EndpointInput endpoint;
  std::string confirmed_host = {};  // that the endpoint's credential may be used with from now on
};

inline constexpr std::size_t endpoint_name_max = 100;
inline constexpr std::size_t endpoint_description_max = 2'000;
inline constexpr std::size_t endpoint_value_max = 2'048;
inline constexpr std::size_t labels_max = 50;
inline constexpr std::size_t label_name_max = 63;
inline constexpr std::size_t label_value_max = 255;

using EndpointOutcome = Outcome<state::StoredEndpoint>;

// The use cases of endpoints. Each validates everything, then asks one method of the state, which
// writes the audit entry in the same transaction. `who` is that entry with actor, address and
// request id; the rest is filled in here. Fields of faults begin with "endpoint.".
// Thread-safe; methods block.
class EndpointService {
 public:
  // These outlive it.
  EndpointService(state::ControlState& state,
                  std::span<const std::unique_ptr<objects::StoreKind>> kinds, Clock& clock)
      : state_(state), kinds_(kinds), clock_(clock) {}

  std::span<const std::unique_ptr<objects::StoreKind>> kinds() const { return kinds_; }

  Result<EndpointOutcome> create(const EndpointInput& input, state::AuditEntry who);
  // confirmation_required at "confirmHost": the endpoint signs with a stored credential, and its
  // requests would go to a server that they did not go to before. The message names it.
  Result<EndpointOutcome> update(const EndpointChange& change, state::AuditEntry who);
  // The endpoint as it was.
  Result<EndpointOutcome> remove(const std::string& id, state::AuditEntry who);

  // What would be kept of the input; nothing is. Without id and times.
  Result<EndpointOutcome> check(const EndpointInput& input);
  // The same of what would be changed to: as update(), but for the name and the revision.
  Result<EndpointOutcome> check_change(const EndpointChange& change);

  state::EndpointStore& store() { return state_.endpoints(); }

 private:
  Result<std::vector<Fault>> find_faults(const EndpointInput& input,
                                         state::StoredEndpoint* endpoint);
  Result<void> check_credential(const objects::StoreKind& kind, const std::string& id,
                                std::vector<Fault>* faults);
  Result<std::vector<Fault>> apply(const EndpointChange& change,
                                   const state::StoredEndpoint& before,
                                   state::StoredEndpoint* after);

  state::ControlState& state_;
  const std::span<const std::unique_ptr<objects::StoreKind>> kinds_;
  Clock& clock_;
};

// Its options, as they were kept. data_corrupted where they are not what create() kept.
Result<options::Values> kept_options(const state::StoredEndpoint& endpoint);

// What names the endpoint to its kind, and to tasks behind "source-" and "destination-": its
// options, and who signs there. Nobody does where it has no credential: nothing that the hub's own
// host has is used then.
Result<options::Values> endpoint_values(const objects::StoreKind& kind,
                                        const state::StoredEndpoint& endpoint);

// The endpoint, ready to be opened. unsupported: this program does not know its kind.
Result<objects::Endpoint> make_endpoint(std::span<const std::unique_ptr<objects::StoreKind>> kinds,
                                        const state::StoredEndpoint& endpoint);

// Labels as they are kept; faults are at `field`.
state::Labels read_labels(const std::vector<state::Label>& given, const std::string& field,
                          std::vector<Fault>* faults);

}  // namespace dth::control
