#include "plugins/object_copy/payloads.h"

#include "base/json_writer.h"
#include "plugins/object_copy/payload_json.h"

namespace dth::object_copy {
namespace {

// As bytes() makes a value of it.
void append_bytes(std::string_view name, const std::string& text, std::string* out) {
  out->append(name);
  if (is_valid_utf8(text)) return append_json_string(text, out);
  out->append(R"({"base64":")").append(base64_encode(as_bytes(text))).append(R"("})");
}

// As text, since every object comes by here: no tree is built. Empty and zero fields are left out:
// a batch holds a thousand items.
void append(const Item& item, std::string* out) {
  append_bytes(R"({"k":)", item.key, out);
  out->append(R"(,"s":)").append(std::to_string(item.size));
  if (item.modified.known())
    out->append(R"(,"m":)")
        .append(std::to_string(item.modified.value().time_since_epoch().count()));
  if (!item.etag.empty()) append_bytes(R"(,"e":)", item.etag, out);
  if (!item.destination_etag.empty()) append_bytes(R"(,"d":)", item.destination_etag, out);
  if (item.maybe_written) out->append(R"(,"w":true)");
  if (item.replanned) out->append(R"(,"r":)").append(std::to_string(item.replanned));
  if (!item.version.empty()) append_bytes(R"(,"v":)", item.version, out);
  if (item.state == ItemState::named) out->append(R"(,"n":true)");
  if (item.state == ItemState::needs_comparison) out->append(R"(,"u":true)");
  if (item.for_its_etags) out->append(R"(,"t":true)");
  if (item.way == CopyWay::streamed) out->append(R"(,"b":true)");
  if (item.replaces_unknown) out->append(R"(,"x":true)");
  if (item.way == CopyWay::single_put) out->append(R"(,"o":true)");
  if (item.restored) out->append(R"(,"a":true)");
  if (item.last) out->append(R"(,"l":true)");
  *out += '}';
}

json::value write(const Item& item) {
  std::string text;
  append(item, &text);
  return parse_json(text, "an item").value();  // of what append() wrote: it cannot fail
}

Item read_item(const json::value& value) {
  Item item;
  for (const auto& [name, field] : value.as_object()) {
    switch (name.size() == 1 ? name[0] : 0) {
      case 'k':
        item.key = read_bytes(field);
        break;
      case 's':
        item.size = field.to_number<std::uint64_t>();
        break;
      case 'm':
        item.modified = TimePoint(std::chrono::microseconds(field.to_number<std::int64_t>()));
        break;
      case 'e':
        item.etag = read_bytes(field);
        break;
      case 'd':
        item.destination_etag = read_bytes(field);
        break;
      case 'w':
        item.maybe_written = field.as_bool();
        break;
      case 'r':
        item.replanned = field.to_number<std::uint32_t>();
        break;
      case 'v':
        item.version = read_bytes(field);
        break;
      case 'n':
        if (field.as_bool()) item.state = ItemState::named;
        break;
      case 'u':
        if (field.as_bool()) item.state = ItemState::needs_comparison;
        break;
      case 't':
        item.for_its_etags = field.as_bool();
        break;
      case 'b':
        if (field.as_bool()) item.way = CopyWay::streamed;
        break;
      case 'x':
        item.replaces_unknown = field.as_bool();
        break;
      case 'o':
        if (field.as_bool()) item.way = CopyWay::single_put;
        break;
      case 'a':
        item.restored = field.as_bool();
        break;
      case 'l':
        item.last = field.as_bool();
        break;
      default:
        break;  // of another version of the program
    }
  }
  return item;
}

// A field that metadata has and its name here.
struct MetadataField {
  const char* name;
  std::string objects::ObjectMetadata::*member;
};
constexpr MetadataField metadata_fields[] = {
    {"content_type", &objects::ObjectMetadata::content_type},
    {"content_encoding", &objects::ObjectMetadata::content_encoding},
    {"content_language", &objects::ObjectMetadata::content_language},
    {"content_disposition", &objects::ObjectMetadata::content_disposition},
    {"cache_control", &objects::ObjectMetadata::cache_control},
    {"expires", &objects::ObjectMetadata::expires},
    {"website_redirect_location", &objects::ObjectMetadata::website_redirect_location},
};

// A checksum of the source's and its name here.
struct ChecksumField {
  const char* name;
  std::string objects::Checksums::*member;
};
constexpr ChecksumField checksum_fields[] = {{"source_crc64nvme", &objects::Checksums::crc64nvme},
                                             {"source_crc32c", &objects::Checksums::crc32c},
                                             {"source_crc32", &objects::Checksums::crc32}};

json::object write(const objects::ObjectMetadata& metadata) {
  json::object object;
  for (const MetadataField& field : metadata_fields) {
    if (!(metadata.*field.member).empty()) object[field.name] = bytes(metadata.*field.member);
  }
  json::array user;
  for (const auto& [name, value] : metadata.user)
    user.push_back(json::array{bytes(name), bytes(value)});
  if (!user.empty()) object["user"] = std::move(user);
  return object;
}

objects::ObjectMetadata read_metadata(const json::value& value) {
  const json::object& object = value.as_object();
  objects::ObjectMetadata metadata;
  for (const MetadataField& field : metadata_fields)
    metadata.*field.member = read_text(object, field.name);
  if (const json::value* user = object.if_contains("user")) {
    for (const json::value& pair : user->as_array()) {
      metadata.user.emplace_back(read_bytes(pair.as_array().at(0)),
                                 read_bytes(pair.as_array().at(1)));
    }
  }
  return metadata;
}

json::object write(const UploadPlan& plan) {
  json::object object{{"item", write(plan.item)},
                      {"metadata", write(plan.metadata)},
                      {"part_size", plan.parts.part_size_bytes},
                      {"part_count", plan.parts.part_count},
                      {"size", plan.parts.object_size_bytes},
                      {"source_etag", bytes(plan.source_etag)}};
  if (plan.read_from.known())
    object["read_from"] = plan.read_from.value().time_since_epoch().count();
  if (plan.encryption != objects::Encryption::none)
    object["encryption"] = static_cast<int>(plan.encryption);
  if (plan.digest_ahead) object["digest_ahead"] = true;
  if (plan.within) object["within"] = true;
  if (plan.unannounced) object["unannounced"] = true;
  for (const ChecksumField& field : checksum_fields) {
    if (!(plan.source_checksums.*field.member).empty())
      object[field.name] = bytes(plan.source_checksums.*field.member);
  }
  json::array others;
  for (const std::string& other : plan.others) others.push_back(bytes(other));
  object["others"] = std::move(others);
  return object;
}

UploadPlan read_plan(const json::value& value) {
  const json::object& object = value.as_object();
  UploadPlan plan;
  plan.item = read_item(object.at("item"));
  plan.metadata = read_metadata(object.at("metadata"));
  plan.parts.part_size_bytes = read_number<std::uint64_t>(object, "part_size");
  plan.parts.part_count = read_number<std::uint32_t>(object, "part_count");
  plan.parts.object_size_bytes = read_number<std::uint64_t>(object, "size");
  plan.source_etag = read_text(object, "source_etag");
  if (object.contains("read_from"))
    plan.read_from =
        TimePoint(std::chrono::microseconds(read_number<std::int64_t>(object, "read_from")));
  plan.encryption =
      static_cast<objects::Encryption>(std::clamp(read_number<int>(object, "encryption"), 0, 3));
  plan.digest_ahead = read_flag(object, "digest_ahead");
  plan.within = read_flag(object, "within");
  plan.unannounced = read_flag(object, "unannounced");
  for (const ChecksumField& field : checksum_fields)
    plan.source_checksums.*field.member = read_text(object, field.name);
  for (const json::value& other : object.at("others").as_array())
    plan.others.push_back(read_bytes(other));
  return plan;
}

json::array write(const std::vector<PartDone>& parts) {
  json::array array;
  for (const PartDone& part : parts) {
    array.push_back(json::object{{"n", part.number},
                                 {"etag", bytes(part.etag)},
                                 {"algorithm", part.algorithm},
                                 {"digest", part.digest},
                                 {"proved", part.proved}});
    if (!part.source_crc.empty()) array.back().as_object()["c"] = part.source_crc;
    if (part.stated) array.back().as_object()["stated"] = true;
  }
  return array;
}

std::vector<PartDone> read_parts(const json::value& value) {
  std::vector<PartDone> parts;
  for (const json::value& element : value.as_array()) {
    const json::object& object = element.as_object();
    parts.push_back({read_number<std::uint32_t>(object, "n"), read_text(object, "etag"),
                     read_text(object, "algorithm"), read_text(object, "digest"),
                     read_flag(object, "proved"), read_text(object, "c"),
                     read_flag(object, "stated")});
  }
  return parts;
}

}  // namespace

std::string to_json(const ScanPayload& payload) {
  json::object object{{"after", bytes(payload.after)}};
  if (!payload.prefixes.empty()) {
    json::array prefixes;
    for (const std::string& prefix : payload.prefixes) prefixes.push_back(bytes(prefix));
    object["prefixes"] = std::move(prefixes);
  }
  if (payload.sorted) {
    object["sorted"] = true;
    object["sorted_after"] = bytes(payload.sorted_after);
  }
  if (payload.list) {
    object["list"] = json::object{{"size", payload.list->size},
                                  {"tag", bytes(payload.list->tag)},
                                  {"offset", payload.list->offset},
                                  {"line", payload.list->line}};
  }
  return write_json(object);
}

std::string to_json(const RetryPayload& payload) {
  json::array keys;
  for (const std::string& key : payload.keys) keys.push_back(bytes(key));
  json::object object{{"run", payload.run}, {"offset", payload.offset}, {"keys", std::move(keys)}};
  if (payload.removals) object["removals"] = true;
  return write_json(object);
}

std::string to_json(const CopyPayload& payload) {
  std::string text = R"({"items":[)";
  text.reserve(payload.items.size() * 128);  // usually enough
  for (const Item& item : payload.items) {
    if (text.back() == '}') text += ',';
    append(item, &text);
  }
  return text += "]}";
}

std::string to_json(const UploadPlan& plan) { return write_json(write(plan)); }

std::string to_json(const PartPayload& payload) {
  return write_json(json::object{{"upload_row", payload.upload_row},
                                 {"upload_id", bytes(payload.upload_id)},
                                 {"plan", write(payload.plan)},
                                 {"first", payload.first},
                                 {"last", payload.last},
                                 {"done", write(payload.done)}});
}

std::string to_json(const RestorePayload& payload) {
  json::array items;
  items.reserve(payload.items.size());
  for (const Item& item : payload.items) items.push_back(write(item));
  return write_json(json::object{{"items", std::move(items)},
                                 {"since", payload.since.time_since_epoch().count()}});
}

std::string to_json(const PartOutcome& outcome) {
  json::object object{{"done", write(outcome.done)}, {"changed", outcome.changed}};
  if (outcome.error) {
    object["error"] = json::object{{"code", to_string(outcome.error->code)},
                                   {"message", bytes(outcome.error->message)},
                                   {"detail", bytes(outcome.error->detail)}};
  }
  return write_json(object);
}

std::string to_json(const FinishPayload& payload) {
  return write_json(json::object{{"upload_row", payload.upload_row},
                                 {"upload_id", bytes(payload.upload_id)},
                                 {"plan", write(payload.plan)}});
}

Result<ScanPayload> parse_scan_payload(std::string_view text) {
  return parse(kind_scan, text, [](const json::object& object) {
    ScanPayload payload;
    payload.after = read_text(object, "after");
    if (const json::value* prefixes = object.if_contains("prefixes")) {
      for (const json::value& prefix : prefixes->as_array())
        payload.prefixes.push_back(read_bytes(prefix));
    }
    payload.sorted = read_flag(object, "sorted");
    payload.sorted_after = read_text(object, "sorted_after");
    if (const json::value* list = object.if_contains("list")) {
      const json::object& fields = list->as_object();
      payload.list = ListCursor{
          read_number<std::uint64_t>(fields, "size"), read_text(fields, "tag"),
          read_number<std::uint64_t>(fields, "offset"), read_number<std::uint64_t>(fields, "line")};
    }
    return payload;
  });
}

Result<RetryPayload> parse_retry_payload(std::string_view text) {
  return parse(kind_retry, text, [](const json::object& object) {
    RetryPayload payload{read_text(object, "run"),
                         read_number<std::uint64_t>(object, "offset"),
                         {},
                         read_flag(object, "removals")};
    for (const json::value& key : object.at("keys").as_array())
      payload.keys.push_back(read_bytes(key));
    return payload;
  });
}

Result<CopyPayload> parse_copy_payload(std::string_view text) {
  return parse(kind_copy, text, [](const json::object& object) {
    CopyPayload payload;
    for (const json::value& item : object.at("items").as_array())
      payload.items.push_back(read_item(item));
    return payload;
  });
}

Result<RestorePayload> parse_restore_payload(std::string_view text) {
  return parse(kind_restore, text, [](const json::object& object) {
    RestorePayload payload;
    for (const json::value& item : object.at("items").as_array())
      payload.items.push_back(read_item(item));
    payload.since =
        TimePoint(std::chrono::microseconds(read_number<std::int64_t>(object, "since")));
    return payload;
  });
}

Result<UploadPlan> parse_upload_plan(std::string_view text) {
  return parse("upload of a", text, [](const json::object& object) { return read_plan(object); });
}

Result<PartPayload> parse_part_payload(std::string_view text) {
  return parse(kind_part, text, [](const json::object& object) {
    PartPayload payload;
    payload.upload_row = read_number<std::int64_t>(object, "upload_row");
    payload.upload_id = read_text(object, "upload_id");
    payload.plan = read_plan(object.at("plan"));
    payload.first = read_number<std::uint32_t>(object, "first");
    payload.last = read_number<std::uint32_t>(object, "last");
    payload.done = read_parts(object.at("done"));
    return payload;
  });
}

Result<PartOutcome> parse_part_outcome(std::string_view text) {
  return parse("group result of a part", text, [](const json::object& object) {
    PartOutcome outcome;
    outcome.done = read_parts(object.at("done"));
    outcome.changed = read_flag(object, "changed");
    if (const json::value* error = object.if_contains("error")) {
      const json::object& fields = error->as_object();
      outcome.error =
          Error{parse_error_code(read_text(fields, "code")).value_or(ErrorCode::internal),
                read_text(fields, "message"), read_text(fields, "detail")};
    }
    return outcome;
  });
}

Result<FinishPayload> parse_finish_payload(std::string_view text) {
  return parse(kind_finish, text, [](const json::object& object) {
    FinishPayload payload;
    payload.upload_row = read_number<std::int64_t>(object, "upload_row");
    payload.upload_id = read_text(object, "upload_id");
    payload.plan = read_plan(object.at("plan"));
    return payload;
  });
}

}  // namespace dth::object_copy
