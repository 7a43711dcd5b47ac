#include "plugins/object_copy/destination_options.h"

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "base/encoding.h"
#include "plugins/object_copy/choices.h"

namespace dth::object_copy {
namespace {

using objects::Encryption;
using objects::LockMode;
using objects::ObjectMetadata;
using options::ParsedValues;

Error invalid(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

Error cannot(std::string message) { return Error{ErrorCode::unsupported, std::move(message), ""}; }

// "name=value" of a list option. Nothing where there is no '=' or no name.
std::optional<std::pair<std::string, std::string>> split(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == text.npos) return std::nullopt;
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

// The headers that are metadata of the system; all other names are the user's.
std::string* system_field(ObjectMetadata& metadata, const std::string& name) {
  static const std::map<std::string, std::string ObjectMetadata::*> fields = {
      {"content-type", &ObjectMetadata::content_type},
      {"content-encoding", &ObjectMetadata::content_encoding},
      {"content-language", &ObjectMetadata::content_language},
      {"content-disposition", &ObjectMetadata::content_disposition},
      {"cache-control", &ObjectMetadata::cache_control},
      {"expires", &ObjectMetadata::expires},
      {"x-amz-website-redirect-location", &ObjectMetadata::website_redirect_location},
  };
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &(metadata.*found->second);
}

constexpr std::string_view user_prefix = "x-amz-meta-";

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

Result<void> parse_tags(const ParsedValues& values, DestinationOptions* options) {
  std::map<std::string, std::string> tags;
  for (const std::string& text : values.list("tag")) {
    const auto tag = split(text);
    if (!tag || characters(tag->first) > 128 || characters(tag->second) > 256) {
      return invalid("--tag: \"" + printable(text) +
                     "\" will not do; it takes name=value, the name of 1 to 128 characters, the "
                     "value of 256 at most");
    }
    if (!tags.insert(*tag).second)
      return invalid("--tag: \"" + printable(tag->first) + "\" is given twice");
  }
  if (tags.size() > 10)
    return invalid("--tag: an object has 10 tags at most, and " + std::to_string(tags.size()) +
                   " are given");
  options->tags.assign(tags.begin(), tags.end());
  options->keeps_tags = values.choice("tags", tags_choices);
  return Result<void>();
}

Result<void> parse_metadata(const ParsedValues& values, DestinationOptions* options) {
  options->metadata_mode = values.choice("metadata", metadata_choices);
  const std::vector<std::string> given = values.list("metadata-set");
  if (!given.empty() && options->metadata_mode == MetadataMode::preserve) {
    return invalid(
        "--metadata-set: add --metadata merge (the source's is kept as well) or --metadata replace "
        "(nothing else stays)");
  }
  std::map<std::string, std::string> user;
  for (const std::string& text : given) {
    auto entry = split(text);
    std::string name = entry ? ascii_lower(entry->first) : "";
    if (name.starts_with(user_prefix)) name.erase(0, user_prefix.size());
    const bool token = std::all_of(name.begin(), name.end(),
                                   [](char c) { return c > ' ' && c < 0x7f && c != ':'; });
    const bool line = entry && std::all_of(entry->second.begin(), entry->second.end(), [](char c) {
                        return static_cast<unsigned char>(c) >= ' ' && c != 0x7f;
                      });
    if (name.empty() || !token || !line) {
      return invalid("--metadata-set: \"" + printable(text) +
                     "\" will not do; it takes name=value, such as Cache-Control=no-cache or "
                     "color=red, on one line");
    }
    if (entry->second.empty()) {
      options->metadata_removed.push_back(name);
    } else if (std::string* field = system_field(options->metadata, name)) {
      *field = entry->second;
    } else {
      user[name] = entry->second;
    }
  }
  options->metadata.user.assign(user.begin(), user.end());
  return Result<void>();
}

Result<void> parse_lock(const ParsedValues& values, TimePoint now, DestinationOptions* options) {
  options->lock = values.choice("object-lock", lock_choices);
  options->legal_hold = values.flag("legal-hold");
  options->retain_until = values.time("retain-until");
  const auto retain_for = values.optional_duration("retain-for");
  const bool retains =
      options->lock == LockPolicy::governance || options->lock == LockPolicy::compliance;
  if (retains != (options->retain_until || retain_for)) {
    return invalid(
        "--object-lock governance or compliance goes with --retain-until or --retain-for, and only "
        "these do");
  }
  if (options->retain_until && retain_for)
    return invalid("--retain-until and --retain-for exclude each other");
  if (options->retain_until && *options->retain_until < now) {
    return invalid("--retain-until: " + format_time(*options->retain_until) +
                   " lies in the past; for a time from now use --retain-for");
  }
  options->retain_for = retain_for.value_or(std::chrono::seconds(0));
  return Result<void>();
}

}  // namespace

bool DestinationOptions::changes_objects() const {
  return !storage_class.empty() || !canned_acl.empty() || encryption != Encryption::none ||
         !tags.empty() || metadata_mode != MetadataMode::preserve || lock != LockPolicy::none ||
         legal_hold;
}

bool DestinationOptions::needs_head() const {
  return keeps_storage_class || keeps_encryption || metadata_mode == MetadataMode::merge ||
         lock == LockPolicy::preserve || (keeps_tags && !tags.empty());
}

Result<DestinationOptions> parse_destination_options(const ParsedValues& values, TimePoint now) {
  DestinationOptions options;
  options.storage_class = values.text("storage-class");
  if (options.storage_class == "preserve") {
    options.keeps_storage_class = true;
    options.storage_class.clear();
  }
  if (const std::string acl = values.text("acl"); acl != "none") options.canned_acl = acl;
  options.encryption = values.choice("encryption", encryption_choices);
  options.kms_key_id = values.text("kms-key-id");
  options.bucket_key = values.flag("kms-bucket-key");
  if ((!options.kms_key_id.empty() || options.bucket_key) &&
      options.encryption != Encryption::sse_kms) {
    return invalid("--kms-key-id and --kms-bucket-key go with --encryption sse-kms");
  }
  auto parsed = parse_tags(values, &options);
  if (parsed.has_value()) parsed = parse_metadata(values, &options);
  if (parsed.has_value()) parsed = parse_lock(values, now, &options);
  if (parsed.has_error()) return parsed.error();
  options.create_bucket = values.flag("create-bucket");
  options.fidelity = values.choice("fidelity", fidelity_choices);
  options.server_side_copy = values.choice("server-side-copy", server_side_choices);
  return options;
}

void keep_what_is_not_changed(const ParsedValues& values, DestinationOptions* options) {
  options->keeps_storage_class = options->storage_class.empty();
  options->keeps_encryption = options->encryption == Encryption::none;
  if (!values.is_given("tags")) options->keeps_tags = true;
  if (!values.is_given("object-lock") && !options->legal_hold) options->lock = LockPolicy::preserve;
}

Result<void> check_capabilities(const DestinationOptions& options,
                                const objects::StoreLimits& source,
                                const objects::StoreLimits& destination, TimePoint now) {
  const std::string advice =
      destination.keys_are_paths
          ? "; omit the option"
          : "; omit the option, or name the vendor with --destination-vendor where its store does "
            "and this was not found out";
  const bool locks = options.lock != LockPolicy::none || options.legal_hold;
  if ((!options.storage_class.empty() ||
       (options.keeps_storage_class && !options.keeps_encryption)) &&
      !destination.storage_classes) {
    return cannot("--storage-class: the destination has no storage classes; omit the option");
  }
  if (options.encryption != Encryption::none && !destination.encryption) {
    return cannot(
        "--encryption: the destination does not encrypt objects; omit the option, or encrypt the "
        "file system");
  }
  if (options.metadata_mode != MetadataMode::preserve && !destination.metadata) {
    return cannot(
        "--metadata: the destination's file system has no extended attributes, so it keeps no "
        "metadata; omit the option");
  }
  if (!options.tags.empty() && !destination.tags)
    return cannot("--tag: the destination is not known to keep tags" + advice);
  if (options.keeps_tags && !options.keeps_encryption) {  // in place there is nothing to lose
    if (!destination.tags)
      return cannot("--tags preserve: the destination is not known to keep tags" + advice);
    if (!source.tags) {
      return cannot(
          "--tags preserve: the source is not known to tell tags; use --tags none, or name the "
          "vendor with --source-vendor");
    }
  }
  if (!options.canned_acl.empty() && !destination.acls)
    return cannot("--acl: the destination is not known to keep ACLs" + advice);
  if (locks && !options.keeps_encryption && !destination.object_lock) {
    return cannot("--object-lock and --legal-hold: the destination is not known to lock objects" +
                  advice);
  }
  if (options.retain_until && *options.retain_until <= now) {
    return invalid("--retain-until: " + format_time(*options.retain_until) + " is over already");
  }
  return Result<void>();
}

ObjectMetadata metadata_of_copy(const DestinationOptions& options, ObjectMetadata source) {
  if (options.metadata_mode == MetadataMode::preserve) return source;
  if (options.metadata_mode == MetadataMode::replace) return options.metadata;
  ObjectMetadata merged = std::move(source);
  ObjectMetadata given = options.metadata;
  for (const char* name :
       {"content-type", "content-encoding", "content-language", "content-disposition",
        "cache-control", "expires", "x-amz-website-redirect-location"}) {
    if (const std::string* value = system_field(given, name); !value->empty())
      *system_field(merged, name) = *value;
  }
  std::map<std::string, std::string> user(merged.user.begin(), merged.user.end());
  for (const auto& [name, value] : given.user) user[name] = value;
  for (const std::string& name : options.metadata_removed) {
    if (std::string* field = system_field(merged, name)) field->clear();
    user.erase(name);
  }
  merged.user.assign(user.begin(), user.end());
  return merged;
}

objects::ObjectProperties properties_of_copy(const DestinationOptions& options,
                                             const objects::ObjectHead& source,
                                             objects::Tags source_tags, TimePoint now) {
  objects::ObjectProperties properties;
  properties.storage_class =
      options.keeps_storage_class ? source.info.storage_class : options.storage_class;
  properties.canned_acl = options.canned_acl;
  properties.encryption = options.encryption;
  properties.kms_key_id = options.kms_key_id;
  properties.bucket_key = options.bucket_key;
  if (options.keeps_encryption) {
    properties.encryption = source.encryption;
    properties.kms_key_id = source.kms_key_id;
  }
  std::map<std::string, std::string> tags(source_tags.begin(), source_tags.end());
  for (const auto& [name, value] : options.tags) tags[name] = value;
  properties.tags.assign(tags.begin(), tags.end());
  switch (options.lock) {
    case LockPolicy::none:
      break;
    case LockPolicy::preserve:
      properties.lock = source.lock;
      if (properties.lock.retain_until <= now)
        properties.lock.mode = LockMode::none;  // over: it keeps nothing
      break;
    case LockPolicy::governance:
    case LockPolicy::compliance:
      properties.lock.mode =
          options.lock == LockPolicy::governance ? LockMode::governance : LockMode::compliance;
      properties.lock.retain_until = options.retain_until.value_or(now + options.retain_for);
      break;
  }
  if (options.legal_hold) properties.lock.legal_hold = true;
  return properties;
}

Result<void> check_encryption(Encryption asked, Encryption answered) {
  const bool as_asked = asked == Encryption::none || answered == asked ||
                        (asked == Encryption::sse_s3 && answered == Encryption::sse_kms);
  if (as_asked) return Result<void>();
  return cannot(
      "the destination stored the object without the encryption that was asked for, and says "
      "nothing of why; the copy lies "
      "there as it is: remove it, and use --encryption bucket-default or another destination");
}

}  // namespace dth::object_copy
