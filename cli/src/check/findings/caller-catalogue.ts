import { entriesOf } from "./entry.js";

const commands = entriesOf("commands");
const rest = entriesOf("rest");
const asyncapi = entriesOf("asyncapi");

/** What affects callers and subscribers: commands, REST, AsyncAPI. */
export const callerCatalogue = {
  "rpc-removed": commands.breaking({
    summary: "An rpc is gone, or has another name",
    message: (rpc: string) => `the contract no longer has the rpc ${rpc}`,
    effect: "its callers fail; commands that schedules, sagas and the outbox have stored for it cannot run",
    remedy: "keep the rpc and mark it deprecated until nobody calls it",
  }),
  "rpc-role-changed": commands.breaking({
    summary: "A command has become a query, or the other way round",
    message: (rpc: string, before: string, now: string) => `${rpc} was a ${before} and is a ${now}`,
    effect: "its place in GraphQL, its caching and its idempotency change for all callers",
    remedy: "restore the role, and add another rpc",
  }),
  "command-aggregate-changed": commands.breaking({
    summary: "A command addresses another aggregate",
    message: (rpc: string, before: string, now: string) => `${rpc} addressed ${before} and addresses ${now}`,
    effect: "ids that callers hold do not lead to the state that they led to",
    remedy: "restore the aggregate, and add another rpc",
  }),
  "command-id-changed": commands.breaking({
    summary: "Another field of the request is the id of the addressed aggregate",
    message: (rpc: string, before: string, now: string) => `the id of ${rpc} was ${before} and is ${now}`,
    effect: "requests of existing clients address another aggregate, or none",
    remedy: "restore the id, and add another rpc",
  }),
  "command-refuses-existing": commands.breaking({
    summary: "A command requires that the aggregate does not exist yet",
    message: (rpc: string) => `${rpc} fails with ALREADY_EXISTS if the aggregate exists`,
    effect: "callers that addressed existing aggregates are refused",
    remedy: "leave creates as it was, and add another rpc that creates",
  }),
  "command-refuses-missing": commands.breaking({
    summary: "A command requires that the aggregate exists",
    message: (rpc: string) => `${rpc} fails with NOT_FOUND unless the aggregate exists`,
    effect: "callers that addressed new aggregates are refused",
    remedy: "leave creates as it was, and add another rpc for existing aggregates",
  }),
  "command-check-dropped": commands.dangerous({
    summary: "A command no longer checks whether the aggregate exists",
    message: (rpc: string, code: string) => `${rpc} no longer fails with ${code}`,
    effect: (_rpc: string, code: string) => `callers that rely on ${code} do things twice, or for nothing`,
    remedy: "restore creates, or check it in the decider",
  }),
  "command-emits-added": commands.dangerous({
    summary: "A command can record an event that it could not record before",
    message: (rpc: string, event: string) => `${rpc} can record ${event}`,
    effect: "while a deployment runs, old processes fail with data_loss on streams that have an event unknown to them",
    remedy: "first release the code that reads the event, later the code that writes it",
  }),
  "command-emits-removed": commands.dangerous({
    summary: "A command no longer records an event",
    message: (rpc: string, event: string) => `${rpc} no longer records ${event}`,
    effect: "read models, sagas and subscribers that wait for the event do not see it for this command",
    remedy: "check who reads the event, and keep recording it as long as somebody does",
  }),
  "command-error-added": commands.dangerous({
    summary: "A command can fail with an error that it did not declare before",
    message: (rpc: string, error: string) => `${rpc} can fail with ${error}`,
    effect: "clients that handle the declared errors one by one do not know this one",
    remedy: "add the error only where clients treat unknown errors by their code",
  }),
  "command-error-removed": commands.dangerous({
    summary: "A command no longer declares an error",
    message: (rpc: string, error: string) => `${rpc} no longer fails with ${error}`,
    effect: "clients that handle the error receive another one in its place, or none",
    remedy: "keep the error as long as the command can fail for its reason",
  }),
  "error-code-changed": commands.breaking({
    summary: "An error has another code",
    message: (error: string, before: string, now: string) => `the error ${error} had the code ${before} and has ${now}`,
    effect: "clients see another code and HTTP status, and retry what is final, or the reverse",
    remedy: "restore the code, or declare another error",
  }),
  "rpc-timeout-shortened": commands.dangerous({
    summary: "A timeout of an rpc is shorter, or new",
    message: (rpc: string, before: string, now: string) => `the timeout of ${rpc} was ${before} and is ${now}`,
    effect: "calls that took longer fail with DEADLINE_EXCEEDED",
    remedy: "measure the calls before you shorten the timeout",
  }),
  "rpc-tenant-changed": commands.breaking({
    summary: "A request has a tenant field that it did not have, or another one",
    message: (rpc: string, before: string, now: string) => `the tenant of ${rpc} was ${before} and is ${now}`,
    effect: "requests of existing clients are rejected, or no longer checked",
    remedy: "restore the field, and add another rpc",
  }),
  "request-rule-tightened": commands.breaking({
    summary: "A rule of protovalidate refuses requests that were valid",
    message: (field: string, rule: string) => `${field} has a stricter rule: ${rule}`,
    effect: "requests that existing clients send fail with INVALID_ARGUMENT",
    remedy: "leave the rule as it was, or add another rpc",
  }),
  "request-rule-changed": commands.dangerous({
    summary: "A rule of protovalidate has changed in a way that only its author can judge",
    message: (field: string, rule: string) => `${field} has another rule: ${rule}`,
    effect: "requests that existing clients send may fail with INVALID_ARGUMENT",
    remedy: "check that all valid requests stay valid",
  }),
  "request-rule-loosened": commands.compatible({
    summary: "A rule of protovalidate is gone or less strict",
    message: (field: string, rule: string) => `${field} has a less strict rule: ${rule}`,
    effect: "handlers receive values that they did not receive before",
    remedy: "check that handlers accept them",
  }),
  "rest-route-removed": rest.breaking({
    summary: "A method and path is no longer served",
    message: (route: string, rpc: string) => `${route} of ${rpc} is gone`,
    effect: "clients receive 404 or 405",
    remedy: "keep it in additional_bindings until nobody calls it",
  }),
  "rest-route-moved": rest.breaking({
    summary: "A method and path leads to another rpc",
    message: (route: string, before: string, now: string) => `${route} led to ${before} and leads to ${now}`,
    effect: "requests of existing clients have another effect and another response",
    remedy: "give the other rpc a path of its own",
  }),
  "rest-variable-moved": rest.breaking({
    summary: "A variable of a path sets another field",
    message: (route: string, before: string, now: string) => `a variable of ${route} set ${before} and sets ${now}`,
    effect: "the value in the path reaches another field; clients that are generated from OpenAPI do not compile",
    remedy: "restore the variable",
  }),
  "rest-body-changed": rest.breaking({
    summary: "Another part of the request is the body",
    message: (route: string, before: string, now: string) => `the body of ${route} was ${before} and is ${now}`,
    effect: "bodies and query parameters of existing clients are refused, or ignored",
    remedy: "restore body, or add a binding with another path",
  }),
  "rest-response-body-changed": rest.breaking({
    summary: "Another part of the response is the body",
    message: (route: string, before: string, now: string) => `the response of ${route} was ${before} and is ${now}`,
    effect: "clients do not find what they read",
    remedy: "restore response_body, or add a binding with another path",
  }),
  "rest-status-changed": rest.breaking({
    summary: "A success has another HTTP status",
    message: (rpc: string, before: string, now: string) =>
      `a success of ${rpc} had the status ${before} and has ${now}`,
    effect: "clients that check the status take a success for a failure; 204 has no body at all",
    remedy: "restore the status in (potter.v1.openapi_operation)",
  }),
  "rest-request-field-removed": rest.breaking({
    summary: "A field of a request that REST serves is gone",
    message: (field: string, rpc: string) => `the request of ${rpc} no longer has ${field}`,
    effect: "requests that contain it are refused: REST rejects unknown fields",
    remedy: "keep the field, mark it deprecated, and ignore it",
  }),
  "rest-response-field-removed": rest.breaking({
    summary: "A field of a response that REST serves is gone",
    message: (field: string, rpc: string) => `the response of ${rpc} no longer has ${field}`,
    effect: "clients that read it find nothing",
    remedy: "keep the field, and mark it deprecated",
  }),
  "rest-route-added": rest.compatible({
    summary: "A method and path is new",
    message: (route: string, rpc: string) => `${route} of ${rpc} is new`,
    effect: "clients can call it",
    remedy: "none is needed",
  }),
  "asyncapi-channel-removed": asyncapi.breaking({
    summary: "The channel of an event type is gone",
    message: (type: string) => `the channel ${type} is gone`,
    effect: "subscribers wait for messages that never come",
    remedy: "keep the event type, or agree on the end of the channel with its subscribers",
  }),
  "asyncapi-message-removed": asyncapi.breaking({
    summary: "A channel no longer has a message, or the message has another name",
    message: (type: string, message: string) => `the channel ${type} no longer has the message ${message}`,
    effect: "subscribers that choose by the name of a message do not find it",
    remedy: "keep the name of the message; a new version gets a new name and supersedes it",
  }),
  "asyncapi-message-added": asyncapi.dangerous({
    summary: "A channel has a message of another version",
    message: (type: string, message: string) => `the channel ${type} has the new message ${message}`,
    effect: "subscribers that know only the earlier messages receive one that they cannot read",
    remedy: "tell subscribers the new message before it is sent",
  }),
  "asyncapi-field-removed": asyncapi.breaking({
    summary: "A field of a message is gone, or has another JSON name",
    message: (message: string, field: string) => `messages ${message} no longer contain ${field}`,
    effect: "subscribers that read it find nothing",
    remedy: "keep the field and its JSON name, or declare a new version of the event",
  }),
} as const;
