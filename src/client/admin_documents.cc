#include "client/documents.h"

namespace dth::client::documents {

#define USER_ERRORS "userErrors { field message code } "
#define PAGE_INFO "pageInfo { hasNextPage endCursor } "
#define PAGE "(first: $first, after: $after)"
#define PAGE_VARIABLES "$first: Int!, $after: String"

#define USER_FIELDS "id name email role isDisabled revision createdAt lastSignInAt "
const Document users = {"users", "query(" PAGE_VARIABLES ") { users" PAGE " { nodes { " USER_FIELDS
                                 "} " PAGE_INFO "} }"};
const Document create_user = {
    "createUser",
    "mutation($input: CreateUserInput!) { createUser(input: $input) { user { " USER_FIELDS
    "} setPasswordToken " USER_ERRORS "} }",
    Repeats::no};
const Document update_user = {
    "updateUser",
    "mutation($input: UpdateUserInput!) { updateUser(input: $input) { user { " USER_FIELDS
    "} " USER_ERRORS "} }",
    Repeats::no};
const Document delete_user = {
    "deleteUser",
    "mutation($input: DeleteUserInput!) { deleteUser(input: $input) { deletedId " USER_ERRORS "} }",
    Repeats::no};
const Document reset_password = {
    "resetPassword",
    "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { user { " USER_FIELDS
    "} setPasswordToken " USER_ERRORS "} }",
    Repeats::no};
#undef USER_FIELDS

#define TOKEN_FIELDS "id name ownerName scope lastFour createdAt expiresAt lastUsedAt lastUsedFrom "
const Document api_tokens = {"apiTokens", "query(" PAGE_VARIABLES ") { apiTokens" PAGE
                                          " { nodes { " TOKEN_FIELDS "} " PAGE_INFO "} }"};
const Document create_api_token = {
    "createApiToken",
    "mutation($input: CreateApiTokenInput!) { createApiToken(input: $input) { apiToken "
    "{ " TOKEN_FIELDS "} secret " USER_ERRORS "} }",
    Repeats::no};
const Document revoke_api_token = {
    "revokeApiToken",
    "mutation($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { apiToken "
    "{ " TOKEN_FIELDS "} " USER_ERRORS "} }",
    Repeats::no};
#undef TOKEN_FIELDS

#define CREDENTIAL_FIELDS \
  "id name kind base { id name } createdAt rotatedAt lastUsedAt expiresAt revision "
const Document credentials = {"credentials", "query(" PAGE_VARIABLES ") { credentials" PAGE
                                             " { nodes { " CREDENTIAL_FIELDS "} " PAGE_INFO "} }"};
const Document credential = {"credential",
                             "query($id: ID!) { credential(id: $id) { " CREDENTIAL_FIELDS
                             "options { name value } usedBy { kind id name } } }"};
#define KIND_FIELD "{ name help placeholder isSecret isRequired } "
const Document credential_kinds = {
    "credentialKinds", "query { credentialKinds { name help needsBase usesHost options " KIND_FIELD
                       "secrets " KIND_FIELD "} }"};
#undef KIND_FIELD
#define CREDENTIAL_MUTATION(name, type)                                                     \
  "mutation($input: " type "!) { " name "(input: $input) { credential { " CREDENTIAL_FIELDS \
  "} " USER_ERRORS "} }"
const Document create_credential = {
    "createCredential", CREDENTIAL_MUTATION("createCredential", "CreateCredentialInput"),
    Repeats::with_key};
const Document update_credential = {
    "updateCredential", CREDENTIAL_MUTATION("updateCredential", "UpdateCredentialInput"),
    Repeats::with_key};
const Document rotate_credential = {
    "rotateCredential", CREDENTIAL_MUTATION("rotateCredential", "RotateCredentialInput"),
    Repeats::with_key};
#undef CREDENTIAL_MUTATION
#undef CREDENTIAL_FIELDS
const Document delete_credential = {
    "deleteCredential",
    "mutation($input: DeleteCredentialInput!) { deleteCredential(input: $input) { "
    "deletedCredentialId " USER_ERRORS "} }",
    Repeats::with_key};

const Document audit_events = {
    "auditEvents",
    "query(" PAGE_VARIABLES
    ", $filter: AuditFilter) { auditEvents(first: $first, after: $after, "
    "filter: $filter) { nodes { id at actorKind actorId actorName address action targetKind "
    "targetId targetName outcome changes { field before after } requestId } " PAGE_INFO "} }"};
const Document settings = {
    "settings", "query { settings { key value default source place help group type isSecret } }"};

}  // namespace dth::client::documents
