#include "plugins/object_copy/mirror/mirror_payloads.h"

#include "plugins/object_copy/payload_json.h"

namespace dth::object_copy {
namespace {

json::array write(const std::vector<Extra>& extras) {
  json::array array;
  array.reserve(extras.size());
  for (const Extra& extra : extras) {
    json::object object{{"k", bytes(extra.key)}};
    if (extra.size.known()) object["s"] = extra.size.value();
    if (extra.modified.known()) object["m"] = extra.modified.value().time_since_epoch().count();
    if (!extra.etag.empty()) object["e"] = bytes(extra.etag);
    if (extra.maybe_removed) object["r"] = true;
    if (extra.seen != Seen::no) object["seen"] = extra.seen == Seen::yes ? "yes" : "unknown";
    array.push_back(std::move(object));
  }
  return array;
}

std::vector<Extra> read_extras(const json::value& value) {
  std::vector<Extra> extras;
  for (const json::value& element : value.as_array()) {
    const json::object& object = element.as_object();
    Extra extra;
    extra.key = read_text(object, "k");
    if (object.contains("s")) extra.size = read_number<std::uint64_t>(object, "s");
    if (object.contains("m"))
      extra.modified = TimePoint(std::chrono::microseconds(read_number<std::int64_t>(object, "m")));
    extra.etag = read_text(object, "e");
    extra.maybe_removed = read_flag(object, "r");
    if (const std::string seen = read_text(object, "seen"); !seen.empty())
      extra.seen = seen == "yes" ? Seen::yes : Seen::unknown;
    extras.push_back(std::move(extra));
  }
  return extras;
}

// Nothing where there is none.
void write(std::string_view name, const std::vector<std::string>& keys, json::object* object) {
  if (keys.empty()) return;
  json::array& array = (*object)[name].emplace_array();
  for (const std::string& key : keys) array.push_back(bytes(key));
}

std::vector<std::string> read_keys(const json::object& object, std::string_view name) {
  std::vector<std::string> keys;
  if (const json::value* found = object.if_contains(name)) {
    for (const json::value& key : found->as_array()) keys.push_back(read_bytes(key));
  }
  return keys;
}

void write(const ListedAt& listed, json::object* object) {
  if (listed.process == 0) return;
  (*object)["listed_by"] = listed.process;
  (*object)["listed_ns"] =
      std::chrono::duration_cast<std::chrono::nanoseconds>(listed.time.time_since_epoch()).count();
}

ListedAt read_listed(const json::object& object) {
  const auto time = std::chrono::nanoseconds(read_number<std::int64_t>(object, "listed_ns"));
  return {read_number<std::uint64_t>(object, "listed_by"),
          MonotonicTime(std::chrono::duration_cast<Duration>(time))};
}

}  // namespace

std::string to_json(const FindExtraPayload& payload) {
  json::object object{{"removing", payload.removing},
                      {"source", payload.counts.source},
                      {"destination", payload.counts.destination},
                      {"extra", payload.counts.extra},
                      {"removals", payload.removals},
                      {"kept", write(payload.kept)},
                      {"kept_all", payload.kept_all}};
  write(payload.kept_listed, &object);
  if (payload.after) object["after"] = bytes(*payload.after);
  if (payload.prefix > 0) object["prefix"] = payload.prefix;
  if (!payload.suspects.missing.empty()) object["missing"] = write(payload.suspects.missing);
  if (!payload.suspects.extra.empty()) object["young"] = write(payload.suspects.extra);
  if (!payload.suspects.unlisted.empty()) object["unlisted"] = write(payload.suspects.unlisted);
  if (!payload.retry_of.empty()) object["retry_of"] = payload.retry_of;
  if (payload.approved > 0) object["approved"] = payload.approved;
  write("samples", payload.samples, &object);
  write("hidden", payload.hidden, &object);
  write("keys", payload.keys, &object);
  return write_json(object);
}

std::string to_json(const RemovePayload& payload) {
  json::object object{{"items", write(payload.items)}};
  write(payload.listed, &object);
  return write_json(object);
}

Result<FindExtraPayload> parse_find_extra_payload(std::string_view text) {
  return parse(kind_find_extra, text, [](const json::object& object) {
    FindExtraPayload payload;
    payload.removing = read_flag(object, "removing");
    payload.prefix = read_number<std::uint64_t>(object, "prefix");
    if (object.contains("after")) payload.after = read_text(object, "after");
    payload.counts.source = read_number<std::uint64_t>(object, "source");
    payload.counts.destination = read_number<std::uint64_t>(object, "destination");
    payload.counts.extra = read_number<std::uint64_t>(object, "extra");
    payload.removals = read_number<std::uint64_t>(object, "removals");
    payload.kept = read_extras(object.at("kept"));
    payload.kept_all = read_flag(object, "kept_all");
    payload.kept_listed = read_listed(object);
    if (const json::value* missing = object.if_contains("missing"))
      payload.suspects.missing = read_extras(*missing);
    if (const json::value* extra = object.if_contains("young"))
      payload.suspects.extra = read_extras(*extra);
    if (const json::value* unlisted = object.if_contains("unlisted"))
      payload.suspects.unlisted = read_extras(*unlisted);
    payload.retry_of = read_text(object, "retry_of");
    payload.approved = read_number<std::uint64_t>(object, "approved");
    payload.samples = read_keys(object, "samples");
    payload.hidden = read_keys(object, "hidden");
    payload.keys = read_keys(object, "keys");
    return payload;
  });
}

Result<RemovePayload> parse_remove_payload(std::string_view text) {
  return parse(kind_remove, text, [](const json::object& object) {
    return RemovePayload{read_extras(object.at("items")), read_listed(object)};
  });
}

}  // namespace dth::object_copy
