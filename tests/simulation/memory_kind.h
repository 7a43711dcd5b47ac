#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "objects/store_kind.h"
#include "objects/testing/memory_store.h"
#include "simulation/network_store.h"

namespace dth::simulation {

// A bucket or directory, and the one credential that it lets in.
struct Place {
  Place(std::string name, const Clock& clock);
  objects::MemoryBucket bucket;
  objects::MemoryStore store;  // outlives processes: what they sent arrives after they died
  std::string credential;
  bool lets_in = true;
};

// The places of all processes, by kind of store and name: "s3 a", "file /a".
struct Places {
  const Clock& clock;
  Place& add(const std::string& kind, const std::string& name, const std::string& credential);
  std::map<std::string, std::unique_ptr<Place>> by_name = {};
};

// A process's share of the outside: dies with it. `places` and `network` outlive it.
struct Outside {
  Places& places;
  Network& network;
  std::shared_ptr<const Life> life;
  // Of its lanes, as its kinds of store were given them.
  std::set<BufferBudget*> budgets = {};
};

// A kind of store whose stores are in memory, behind a network, and ask who comes.
std::unique_ptr<objects::StoreKind> make_memory_kind(std::string name, Outside& outside);

}  // namespace dth::simulation
