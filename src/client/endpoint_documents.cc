#include "client/documents.h"

namespace dth::client::documents {

#define ENDPOINT_FIELDS                                                                    \
  "id name kind vendor description options { name value } address credential { id name } " \
  "labels { name value } lastTest { at ok } taskCount createdAt updatedAt revision "
#define ENDPOINT_MUTATION(name, type)                                                   \
  "mutation($input: " type "!) { " name "(input: $input) { endpoint { " ENDPOINT_FIELDS \
  "} userErrors { field message code } } }"
#define TEST_FIELDS                                                                            \
  "at ok milliseconds identity clockSkewMilliseconds checks { name state milliseconds detail " \
  "error advice missingPermission vendorCode requestId } "

const Document endpoints = {
    "endpoints",
    "query($first: Int!, $after: String) { endpoints(first: $first, after: $after) { nodes "
    "{ " ENDPOINT_FIELDS "} pageInfo { hasNextPage endCursor } } }"};
const Document endpoint = {"endpoint", "query($id: ID!) { endpoint(id: $id) { " ENDPOINT_FIELDS
                                       "learned { name value } usedBy { kind id name } } }"};
const Document endpoint_templates = {
    "endpointTemplates",
    "query { endpointTemplates { name title kind options { name value } help documentation asks } "
    "}"};
const Document create_endpoint = {"createEndpoint",
                                  ENDPOINT_MUTATION("createEndpoint", "CreateEndpointInput"),
                                  Repeats::with_key};
const Document update_endpoint = {"updateEndpoint",
                                  ENDPOINT_MUTATION("updateEndpoint", "UpdateEndpointInput"),
                                  Repeats::with_key};
const Document delete_endpoint = {
    "deleteEndpoint",
    "mutation($input: DeleteEndpointInput!) { deleteEndpoint(input: $input) { deletedEndpointId "
    "userErrors { field message code } } }",
    Repeats::with_key};
const Document test_endpoint = {
    "testEndpoint",
    "mutation($input: TestEndpointInput!) { testEndpoint(input: $input) { test { " TEST_FIELDS
    "} userErrors { field message code } } }",
    Repeats::no};
const Document browse = {
    "browse",
    "query($input: BrowseInput!, $first: Int!, $after: String) { browse(input: $input, first: "
    "$first, after: $after) { path entries { kind name path size modifiedAt storageClass } "
    "endCursor hasNextPage } }"};

#undef TEST_FIELDS
#undef ENDPOINT_MUTATION
#undef ENDPOINT_FIELDS

}  // namespace dth::client::documents
