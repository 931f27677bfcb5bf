import { article, error, warning } from "./entry.js";

/** Where a command names what has a role. */
const ownPlace: ReadonlyMap<string, string> = new Map([
  ["event", "emits"],
  ["error", "fails_with"],
  ["aggregate", "aggregate"],
]);

/** Every diagnostic there is. Each code has a page in docs/diagnostics. */
export const catalogue = {
  "unknown-reference": error(
    (kind: string, name: string, _suggestion: string) => `no ${kind} is called "${name}" here`,
    (_kind, _name, suggestion) => (suggestion === "" ? undefined : `did you mean "${suggestion}"?`),
  ),
  "wrong-kind-reference": error(
    (name: string, kind: string, option: string, other: string) =>
      other === ""
        ? `${name} is not ${article(kind)}: it lacks option (potter.v1.${option})`
        : `${name} is not ${article(kind)}, but ${article(other)}`,
    (name, kind, option, other) => {
      if (other === "") return `add "option (potter.v1.${option}) = {};" to ${name}`;
      const own = ownPlace.get(other);
      const where = own === undefined ? "" : `; ${name} belongs in "${own}"`;
      return `name ${article(kind)} here, or declare one of another name: a message has one role${where}`;
    },
  ),
  "two-roles": error(
    (element: string, roles: string) => `${element} has more than one role: ${roles}`,
    () => "keep one of the options",
  ),
  "query-with-side-effects": error(
    (rpc: string, why: string) => `${rpc} is marked as a query, but ${why}`,
    () => "make it a command, or remove what says that it has side effects",
  ),
  "command-without-side-effects": error(
    (rpc: string, why: string) => `${rpc} is marked as a command, but ${why}`,
    () => "make it a query, or remove what says that it has no side effects",
  ),
  "event-without-aggregate": error(
    (event: string) => `nothing says in which aggregate's stream ${event} is recorded`,
    () => 'emit it from a command of the aggregate, or set "aggregate" in its event option',
  ),
  "foreign-event": error(
    (rpc: string, aggregate: string, event: string, owner: string) =>
      `${rpc} decides for ${aggregate} but emits ${event}, an event of ${owner}`,
    (_rpc, aggregate, event) =>
      `an aggregate records only events of its own: declare an event of ${aggregate} for it, or let a saga react to ${event}`,
  ),
  "events-without-aggregate": error(
    (rpc: string) => `${rpc} emits events but addresses no aggregate`,
    () => 'set "aggregate" in its command option, or in the option (potter.v1.service) of its service',
  ),
  "name-collision": error(
    (first: string, second: string, name: string, owner: string) =>
      `${first} and ${second} would both be called "${name}" in ${owner}`,
    () => "rename one of them",
  ),
  "duplicate-event-type": error(
    (event: string, type: string, version: string, other: string) =>
      `${event} is stored as "${type}" version ${version}, and so is ${other}`,
    () => 'give one of them another "type", or another "version" and "superseded_by"',
  ),
  "superseded-event-emitted": error(
    (rpc: string, event: string, current: string) => `${rpc} emits ${event}, which ${current} supersedes`,
    (_rpc, _event, current) => `emit ${current}`,
  ),
  "superseded-event-read": error(
    (readModel: string, event: string, current: string) =>
      `${readModel} follows from ${event}, which ${current} supersedes`,
    (_readModel, event, current) => `name ${current}: stored events of ${event} arrive as ${current}`,
  ),
  "superseded-cycle": error(
    (event: string) => `${event} supersedes itself, by way of its "superseded_by"`,
    () => "a chain of versions ends at the event that is recorded today",
  ),
  "superseded-version": error(
    (event: string, version: string, newer: string, newerVersion: string) =>
      `${event} version ${version} is superseded by ${newer} version ${newerVersion}, which is not newer`,
    () => 'raise "version" of the newer event',
  ),
  "superseded-type": error(
    (event: string, type: string, newer: string, newerType: string) =>
      `${event} is stored as "${type}" and superseded by ${newer}, stored as "${newerType}"`,
    () => 'versions of one event share their "type"',
  ),
  "aggregate-without-id": error(
    (aggregate: string, field: string) =>
      `${aggregate} has no id: no field is marked as id or called "${field}" or "id"`,
    () => "mark a field with [(potter.v1.field).id = true]",
  ),
  "read-model-without-key": error(
    (readModel: string, field: string) =>
      `${readModel} has no key: no field is marked as id or called "${field}" or "id"`,
    () => "mark a field with [(potter.v1.field).id = true]",
  ),
  "read-model-without-events": error(
    (readModel: string) => `${readModel} follows from no event`,
    () => 'name the events that change it in "from"',
  ),
  "snapshot-zero": error(
    (option: string, aggregate: string) => `"${option}" of ${aggregate} is 0`,
    () => "leave it out for no such snapshots, or set it to more than zero",
  ),
  "snapshot-of-state": error(
    (aggregate: string, option: string) => `${aggregate} stores its state, so there is nothing for "${option}" to do`,
    () => "remove it, or store events: a snapshot saves reading them",
  ),
  "saga-without-id": error(
    (saga: string, field: string) => `${saga} has no id: no field is marked as id or called "${field}" or "id"`,
    () => "mark a field with [(potter.v1.field).id = true]",
  ),
  "command-without-id": error(
    (rpc: string, request: string, aggregate: string, field: string) =>
      `${rpc} addresses ${aggregate}, but no field of ${request} is marked as id or called "${field}"`,
    () => 'mark a field with [(potter.v1.field).id = true], or say "creates: true"',
  ),
  "id-type": error(
    (field: string) => `${field} cannot be an id: expected a singular string or integer`,
    () => "an id is text or an integer, and never absent",
  ),
  "two-ids": error(
    (message: string, fields: string) => `${message} has more than one id: ${fields}`,
    () => "mark one field",
  ),
  "id-without-effect": warning(
    (field: string, why: string) => `${field} is marked as id, which says nothing: ${why}`,
    () => "mark the id of an aggregate, a saga or a read model, or what a request addresses; or remove the mark",
  ),
  "tenant-type": error(
    (field: string) => `${field} cannot name a tenant: expected a singular string`,
    () => "a tenant is named by text",
  ),
  "subject-type": error(
    (field: string) => `${field} cannot name a subject: expected a singular string or integer`,
    () => "a subject is named by text or an integer, outside of any oneof",
  ),
  "two-subjects": error(
    (message: string, fields: string) => `${message} has more than one subject: ${fields}`,
    () => "mark one field: the personal fields of a message are about one person",
  ),
  "personal-subject": error(
    (field: string) => `${field} is personal and names the subject, which is stored as it is`,
    () => "name the subject by an id that tells nothing of the person",
  ),
  "subject-without-personal": warning(
    (field: string) => `${field} names a subject, but its message has no personal field`,
    () => "mark what is personal with [(potter.v1.field).personal = true], or remove the mark",
  ),
  "read-model-without-subject": warning(
    (readModel: string) => `${readModel} has personal fields and no subject: its rows keep them in clear text`,
    () => "mark the field that names the person with [(potter.v1.field).subject = true]",
  ),
  "streaming-command": error(
    (rpc: string, aggregate: string) => `${rpc} addresses ${aggregate}, but is a streaming rpc`,
    () => "a command of an aggregate takes one request and gives one answer",
  ),
  "negative-duration": error(
    (option: string, element: string) => `"${option}" of ${element} is not a positive duration`,
    () => "expected more than zero seconds",
  ),
  "saga-step-action": error(
    (step: string, saga: string) => `step "${step}" of ${saga} has to have either a "command" or a "wait_for"`,
    () => "a step sends a command, or waits for an event",
  ),
  "saga-step-name": error(
    (step: string, saga: string) => `${saga} has two steps called "${step}"`,
    () => "steps are told apart by their names",
  ),
  "saga-step-unnamed": error(
    (saga: string) => `${saga} has a step without a name`,
    () => 'set "name"',
  ),
  "saga-step-without-compensation": error(
    (step: string, saga: string, pivot: string) =>
      pivot === ""
        ? `step "${step}" of ${saga} cannot be undone, and the saga has no pivot`
        : `step "${step}" of ${saga} cannot be undone, and is not after the pivot "${pivot}"`,
    () => 'name a "compensation", or say "no_compensation: true" if nothing need be undone',
  ),
  "saga-compensation-contradiction": error(
    (step: string, saga: string) => `step "${step}" of ${saga} has a "compensation" and says "no_compensation"`,
    () => "keep one of them",
  ),
  "saga-wait-without-timeout": error(
    (step: string, saga: string) => `step "${step}" of ${saga} would wait for ever`,
    () => 'set "timeout"',
  ),
  "saga-unknown-step": error(
    (name: string, step: string, saga: string, _suggestion: string) =>
      `step "${step}" of ${saga} comes after "${name}", but there is no such step`,
    (_name, _step, _saga, suggestion) => (suggestion === "" ? undefined : `did you mean "${suggestion}"?`),
  ),
  "saga-cycle": error(
    (saga: string, steps: string) => `the steps of ${saga} wait for one another: ${steps}`,
    () => 'take one "after" away',
  ),
  "saga-pivots": error(
    (saga: string, steps: string) => `${saga} has more than one pivot: ${steps}`,
    () => "there is one point of no return",
  ),
  "saga-without-start": error(
    (saga: string) => `nothing starts ${saga}`,
    () => 'name an event in "starts_on"',
  ),
  "saga-without-steps": error(
    (saga: string) => `${saga} has no step`,
    () => 'add a "step"',
  ),
  "http-template": error(
    (template: string, reason: string) => `the path "${template}" does not parse: ${reason}`,
    () => "expected a template of google.api.http, such as /v1/{name=shelves/*}:archive",
  ),
  "http-unbound-variable": error(
    (variable: string, reason: string, _suggestion: string) =>
      `the path variable "${variable}" cannot be bound: ${reason}`,
    (_variable, _reason, suggestion) => (suggestion === "" ? undefined : `did you mean "${suggestion}"?`),
  ),
  "http-body": error(
    (body: string, request: string, _suggestion: string) => `${request} has no field "${body}" to take the body`,
    (_body, _request, suggestion) =>
      suggestion === "" ? 'expected "*" or a field of the request' : `did you mean "${suggestion}"?`,
  ),
  "http-response-body": error(
    (body: string, response: string, _suggestion: string) => `${response} has no field "${body}" to be the body`,
    (_body, _response, suggestion) => (suggestion === "" ? undefined : `did you mean "${suggestion}"?`),
  ),
  "http-get-body": error(
    (rpc: string, method: string) => `${rpc} is bound to ${method} with a body, which browsers and fetch cannot send`,
    () => 'remove "body": the fields become query parameters; or bind it to POST',
  ),
  "http-duplicate-route": error(
    (route: string, rpc: string, other: string) => `${route} of ${rpc} is a route of ${other} already`,
    () => "give one of them another path or verb",
  ),
  "openapi-status": error(
    (rpc: string, status: string) => `${rpc} cannot answer with status ${status} when it succeeds`,
    () => "expected 200, 201, 202 or 204; a stream is always answered with 200",
  ),
  "openapi-example": error(
    (element: string, reason: string) => `the example of ${element} is none of its values: ${reason}`,
    () => "an example is ProtoJSON, as a text",
  ),
  "openapi-security": error(
    (scheme: string, element: string, _suggestion: string) =>
      `${element} asks for the security scheme "${scheme}", but the document has none of that name`,
    (_scheme, _element, suggestion) =>
      suggestion === ""
        ? 'declare it in "security_schemes" of option (potter.v1.openapi_document), or in the base document'
        : `did you mean "${suggestion}"?`,
  ),
  "openapi-name-collision": error(
    (element: string, kind: string, name: string, other: string) =>
      `${element} would be the second ${kind} called "${name}"${other === "" ? "" : `; it is called "${other}"`}`,
    () => "give one of them another name in its OpenAPI option",
  ),
  "openapi-name": error(
    (element: string, kind: string, name: string) => `the ${kind} of ${element} cannot be called "${name}"`,
    () => 'a name has letters, digits, ".", "_" and "-"',
  ),
  "openapi-body": warning(
    (rpc: string, method: string) =>
      `${rpc} takes a body with ${method}, which readers of OpenAPI 3.0 ignore: clients made from the document may not send it`,
    () => "choose version=3.1 or 3.2, or bind the rpc without a body",
  ),
  "openapi-method": warning(
    (rpc: string, method: string, version: string) =>
      `${rpc} is bound to ${method}, which OpenAPI ${version} cannot say: the document leaves that binding out`,
    (_rpc, method) => (method === "*" ? "bind it to each method that it answers" : "choose version=3.2"),
  ),
  "graphql-name": error(
    (element: string, name: string) => `${element} cannot be called "${name}" in GraphQL`,
    () => 'a name has letters, digits and "_", begins with no digit and not with "__"',
  ),
  "graphql-name-collision": error(
    (element: string, name: string, owner: string, other: string) =>
      `${element} would be the second "${name}" in GraphQL, beside that of ${owner}` +
      (other === "" ? "" : `; it is called "${other}"`),
    () => "choose a name in its GraphQL option",
  ),
  "graphql-option": error(
    (option: string, element: string, reason: string) => `"${option}" of ${element} has no effect: ${reason}`,
    () => "remove it, or mend what keeps it from working",
  ),
  "graphql-locked-name": error(
    (element: string, name: string, now: string) =>
      now === ""
        ? `clients know ${element} as "${name}" in GraphQL, which is gone`
        : `clients know ${element} as "${name}" in GraphQL, and it would be called "${now}"`,
    () => "keep the name by its GraphQL option; or break with it, by potter lock --accept",
  ),
  "graphql-client-stream": warning(
    (rpc: string) => `the request of ${rpc} is a stream, which GraphQL cannot say: the schema leaves it out`,
    () => "add option (potter.v1.graphql_method) = {ignore: true} to say so",
  ),
} as const;

export type Code = keyof typeof catalogue;
/** What the words of a code are made from. */
export type ArgsOf<C extends Code> = Parameters<(typeof catalogue)[C]["message"]>;
