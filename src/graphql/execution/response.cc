#include "base/json_writer.h"
#include "graphql/execution/execute.h"

namespace dth::graphql {

namespace json = boost::json;

json::object to_json(const Response& response) {
  json::object object;
  if (!response.errors.empty()) {
    auto& errors = object["errors"].emplace_array();
    for (const auto& error : response.errors) errors.push_back(to_json(error));
  }
  if (response.data) object["data"] = *response.data;
  return object;
}

std::string to_json_text(const Response& response) {
  std::string text = "{";
  if (!response.errors.empty()) {
    json::array errors;
    for (const auto& error : response.errors) errors.push_back(to_json(error));
    text += "\"errors\":";
    append_json(errors, &text);
  }
  if (response.data) {
    text += response.errors.empty() ? "\"data\":" : ",\"data\":";
    append_json(*response.data, &text);
  }
  return text + "}";
}

std::size_t PreparedDocument::memory_bytes() const {
  constexpr std::size_t fragment_bytes = 64;  // with its node and its place in the table
  return sizeof(PreparedDocument) + document->memory_bytes() + fragments.size() * fragment_bytes +
         operations.capacity() * sizeof(void*);
}

PreparedDocument prepare(std::shared_ptr<const Document> document) {
  PreparedDocument prepared;
  for (const auto& definition : document->definitions) {
    if (definition.kind == ast::DefinitionKind::operation)
      prepared.operations.push_back(&definition);
    if (definition.kind == ast::DefinitionKind::fragment)
      prepared.fragments[definition.name.text] = &definition;
  }
  prepared.document = std::move(document);
  return prepared;
}

GraphqlResult<const ast::Definition*> find_operation(const PreparedDocument& document,
                                                     std::string_view name) {
  if (name.empty()) {
    if (document.operations.size() == 1) return document.operations.front();
    return GraphqlError{document.operations.empty()
                            ? "Must provide an operation."
                            : "Must provide operation name if query contains multiple operations."};
  }
  if (name.size() > name_bytes_max) {
    return GraphqlError{"The operation's name has " + std::to_string(name.size()) +
                        " bytes, more than " + std::to_string(name_bytes_max) + "."};
  }
  for (const auto* operation : document.operations) {
    if (operation->name.text == name) return operation;
  }
  return GraphqlError{"Unknown operation named \"" + std::string(name) + "\"."};
}

}  // namespace dth::graphql
