#pragma once

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typeinfo>
#include <variant>
#include <vector>

#include <boost/json.hpp>

#include "base/async.h"
#include "graphql/schema/schema.h"

namespace dth::graphql {

// What a field resolves to: null, JSON (of a leaf, a list, or an object whose members are its
// fields), a C++ object of a type that has resolvers, or a list of these.
class Resolved {
 public:
  Resolved() = default;
  Resolved(std::nullptr_t) {}
  Resolved(boost::json::value value) : value_(std::move(value)) {}
  Resolved(std::string_view text) : value_(boost::json::value(text)) {}
  Resolved(const std::string& text) : value_(boost::json::value(text)) {}
  Resolved(const char* text) : value_(boost::json::value(text)) {}
  Resolved(bool flag) : value_(boost::json::value(flag)) {}
  Resolved(std::vector<Resolved> list) : value_(std::move(list)) {}

  // JSON that lives as long as the request.
  static Resolved borrow(const boost::json::value* json) {
    Resolved resolved;
    if (!json->is_null()) resolved.value_ = json;
    return resolved;
  }
  // An object; `type_name` says which of its possible types, where the field's type is an interface
  // or a union, and must outlive the request.
  template <class T>
  static Resolved object(std::shared_ptr<const T> object, std::string_view type_name = {}) {
    Resolved resolved;
    if (object)
      resolved.value_ =
          Object{std::shared_ptr<const void>(object, object.get()), &typeid(T), type_name};
    return resolved;
  }
  // The same for one that outlives the request anyway.
  template <class T>
  static Resolved object_at(const T* object, std::string_view type_name = {}) {
    return Resolved::object(std::shared_ptr<const T>(std::shared_ptr<const T>(), object),
                            type_name);
  }

  bool is_null() const;
  // Null where it is no JSON.
  const boost::json::value* json() const;
  // Null where it is no list of this kind; JSON arrays are JSON.
  std::vector<Resolved>* list() { return std::get_if<std::vector<Resolved>>(&value_); }
  // The name given to object(), or the member __typename.
  std::string_view type_name() const;
  // The object as what it was given as. Throws std::logic_error for another type: a bug.
  template <class T>
  const T& as() const {
    const auto* object = std::get_if<Object>(&value_);
    if (object == nullptr || *object->type != typeid(T))
      throw std::logic_error("a resolver's parent is of another type");
    return *static_cast<const T*>(object->object.get());
  }

 private:
  struct Object {
    std::shared_ptr<const void> object;
    const std::type_info* type = nullptr;
    std::string_view type_name;
  };
  std::variant<std::monostate, boost::json::value, const boost::json::value*, Object,
               std::vector<Resolved>>
      value_;
};

// What a resolver is told. Everything in it lives until the resolver has answered.
struct ResolveInfo {
  const Resolved& parent;
  const boost::json::object& arguments;  // coerced; absent ones without a default are not there
  const Field& field;
  const std::any& context;  // what the caller gave with the request

  template <class T>
  const T& parent_as() const {
    return parent.as<T>();
  }
};

// The source of a subscription's events.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // The next event: the value of the subscription's field. Nothing at the end. After an error or
  // the end it is not asked again. Cancelled through Asio's slot.
  virtual Async<Result<std::optional<Resolved>>> next() = 0;
};

// What a field costs, for GraphqlLimits::cost_max.
struct FieldCost {
  std::uint64_t weight = 1;
  // The argument that bounds how many items the field, or the list in what it answers, has.
  std::string_view size_argument = "first";
};

using SyncResolver = std::function<Result<Resolved>(const ResolveInfo&)>;
using AsyncResolver = std::function<Async<Result<Resolved>>(ResolveInfo)>;
using SubscribeResolver = std::function<Async<Result<std::unique_ptr<EventStream>>>(ResolveInfo)>;
// Decides who may see which field. One object serves one engine.
class FieldGuard {
 public:
  virtual ~FieldGuard() = default;
  // Called once for each field of an object type, when the engine is made. False: everybody may see
  // the field, and check() is not called for it. An error is a fault of the schema.
  virtual Result<bool> guards(const Schema& schema, const Field& field) = 0;
  // Called before the field is resolved, and for each event of a subscription's field. `context` is
  // that of the request. An error takes the place of the field's value.
  virtual Result<void> check(const Field& field, const std::any& context) const = 0;
};

// Names the object type of a value of an interface or union.
using TypeResolver = std::function<std::string_view(const Resolved&)>;

// How fields get their values, by "Type.field". A failure of a resolver becomes an error of the
// response with its code and message; what it throws is a bug, and clients are told no more than
// that.
class Resolvers {
 public:
  // Answers at once, without waiting for anything.
  Resolvers& field(std::string coordinate, SyncResolver resolver, FieldCost cost = {});
  // May wait. Asynchronous fields beside each other run at the same time, but for those of a
  // mutation.
  Resolvers& async_field(std::string coordinate, AsyncResolver resolver, FieldCost cost = {});
  // A field of the subscription type.
  Resolvers& subscription(std::string coordinate, SubscribeResolver resolver, FieldCost cost = {});
  // Objects of this type are JSON; fields without a resolver are its members.
  Resolvers& json_object(std::string type);
  Resolvers& type_of(std::string abstract_type, TypeResolver resolver);

 private:
  friend class ResolverTable;
  struct Entry {
    SyncResolver sync;
    AsyncResolver async;
    SubscribeResolver subscribe;
    FieldCost cost;
  };
  std::map<std::string, Entry, std::less<>> fields_;
  std::vector<std::string> json_types_;
  std::map<std::string, TypeResolver, std::less<>> types_;
  std::vector<std::string> repeated_;
};

// Resolvers bound to a schema: a field finds its own by its index.
class ResolverTable {
 public:
  // Everything that does not fit the schema goes to `errors`: a resolver without a field, a field
  // without a resolver.
  ResolverTable(const Schema& schema, const Resolvers& resolvers, std::shared_ptr<FieldGuard> guard,
                std::vector<std::string>* errors);

  struct Entry {
    SyncResolver sync;  // none of the three: a member of a JSON object
    AsyncResolver async;
    SubscribeResolver subscribe;
    FieldCost cost;
    bool is_guarded = false;
  };
  const Entry& at(const Field& field) const { return entries_[field.index]; }
  // Null where none is registered.
  const TypeResolver* type_of(const NamedType& type) const;
  // Of a guarded field.
  Result<void> check(const Field& field, const std::any& context) const {
    return guard_->check(field, context);
  }

 private:
  void ask_guard(const Schema& schema, std::vector<std::string>* errors);
  void bind(const Schema& schema, const std::string& coordinate, const Resolvers::Entry& entry,
            std::vector<std::string>* errors);
  void find_missing(const Schema& schema, const Resolvers& resolvers,
                    std::vector<std::string>* errors) const;
  std::vector<Entry> entries_;
  std::vector<TypeResolver> types_;
  std::shared_ptr<FieldGuard> guard_;  // null: nothing is guarded
};

}  // namespace dth::graphql
