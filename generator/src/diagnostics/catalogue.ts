import { article, error, warning } from "./entry.js";
import { legacyCatalogue } from "./legacy-catalogue.js";
import { sagaCatalogue } from "./saga-catalogue.js";
import { transportCatalogue } from "./transport-catalogue.js";

/** The field of a command's option that names messages of a role. */
const fieldOfRole: ReadonlyMap<string, string> = new Map([
  ["event", "emits"],
  ["error", "fails_with"],
  ["aggregate", "aggregate"],
]);

/** All diagnostics, each with its message and its hint. Each code has a page in docs/diagnostics. */
export const catalogue = {
  "unknown-reference": error(
    (kind: string, name: string, _suggestion: string) => `cannot find ${article(kind)} named "${name}" in this scope`,
    (_kind, _name, suggestion) => (suggestion === "" ? undefined : `did you mean "${suggestion}"?`),
  ),
  "wrong-kind-reference": error(
    (name: string, kind: string, option: string, other: string) =>
      other === ""
        ? `${name} is not ${article(kind)}: it lacks option (potter.v1.${option})`
        : `${name} is not ${article(kind)}, but ${article(other)}`,
    (name, kind, option, other) => {
      if (other === "") return `add "option (potter.v1.${option}) = {};" to ${name}`;
      const field = fieldOfRole.get(other);
      const where = field === undefined ? "" : `; ${name} belongs in "${field}"`;
      return `name ${article(kind)} here, or declare a separate message: a message has one role${where}`;
    },
  ),
  "two-roles": error(
    (element: string, roles: string) => `${element} has more than one role: ${roles}`,
    () => "keep one of the options",
  ),
  "query-with-side-effects": error(
    (rpc: string, why: string) => `${rpc} is marked as a query, but ${why}`,
    () => "make it a command, or remove the setting that declares side effects",
  ),
  "command-without-side-effects": error(
    (rpc: string, why: string) => `${rpc} is marked as a command, but ${why}`,
    () => "make it a query, or remove the setting that excludes side effects",
  ),
  "event-without-aggregate": error(
    (event: string) => `${event} belongs to no aggregate, so it has no stream`,
    () => 'emit it from a command of the aggregate, or set "aggregate" in its event option',
  ),
  "foreign-event": error(
    (rpc: string, aggregate: string, event: string, owner: string) =>
      `${rpc} addresses ${aggregate} but emits ${event}, an event of ${owner}`,
    (_rpc, aggregate, event) =>
      `an aggregate records only its own events: declare an event of ${aggregate}, or let a saga react to ${event}`,
  ),
  "events-without-aggregate": error(
    (rpc: string) => `${rpc} emits events but addresses no aggregate`,
    () => 'set "aggregate" in its option (potter.v1.command), or in option (potter.v1.service) of its service',
  ),
  "name-collision": error(
    (first: string, second: string, name: string, owner: string) =>
      `${first} and ${second} have the same generated name "${name}" in ${owner}`,
    () => "rename one of them",
  ),
  "duplicate-event-type": error(
    (event: string, type: string, version: string, other: string) =>
      `${event} and ${other} are both stored as "${type}" version ${version}`,
    () => 'give one of them another "type", or another "version" and "superseded_by"',
  ),
  "superseded-event-emitted": error(
    (rpc: string, event: string, current: string) => `${rpc} emits ${event}, which ${current} supersedes`,
    (_rpc, _event, current) => `emit ${current}`,
  ),
  "superseded-event-read": error(
    (readModel: string, event: string, current: string) =>
      `${readModel} is built from ${event}, which ${current} supersedes`,
    (_readModel, event, current) => `name ${current}: stored events of ${event} are upcast to ${current}`,
  ),
  "superseded-cycle": error(
    (event: string) => `"superseded_by" of ${event} leads back to ${event}`,
    () => "a chain of versions must end at the version that is recorded today",
  ),
  "superseded-version": error(
    (event: string, version: string, newer: string, newerVersion: string) =>
      `${event} version ${version} is superseded by ${newer} version ${newerVersion}, which is not newer`,
    () => 'raise "version" of the newer event',
  ),
  "superseded-type": error(
    (event: string, type: string, newer: string, newerType: string) =>
      `${event} is stored as "${type}" and superseded by ${newer}, stored as "${newerType}"`,
    () => 'give all versions of an event the same "type"',
  ),
  "aggregate-without-id": error(
    (aggregate: string, field: string) =>
      `${aggregate} has no id: no field is marked as id or named "${field}" or "id"`,
    () => "mark a field with [(potter.v1.field).id = true]",
  ),
  "read-model-without-key": error(
    (readModel: string, field: string) =>
      `${readModel} has no key: no field is marked as id or named "${field}" or "id"`,
    () => "mark a field with [(potter.v1.field).id = true]",
  ),
  "read-model-without-events": error(
    (readModel: string) => `${readModel} is built from no event`,
    () => 'name the events that change it in "from"',
  ),
  "snapshot-zero": error(
    (option: string, aggregate: string) => `"${option}" of ${aggregate} is 0`,
    () => "remove it to disable these snapshots, or set it to 1 or more",
  ),
  "snapshot-of-state": error(
    (aggregate: string, option: string) => `${aggregate} stores its state, so "${option}" has no effect`,
    () => "remove it, or store events: snapshots shorten the replay of events",
  ),
  "command-without-id": error(
    (rpc: string, request: string, aggregate: string, field: string) =>
      `${rpc} addresses ${aggregate}, but no field of ${request} is marked as id or named "${field}"`,
    () => 'mark a field with [(potter.v1.field).id = true], or set "creates: true"',
  ),
  "id-type": error(
    (field: string) => `${field} cannot be an id: expected a singular string or integer outside of any oneof`,
    () => "change the type of the field, or mark another field as id",
  ),
  "two-ids": error(
    (message: string, fields: string) => `${message} has more than one id: ${fields}`,
    () => "mark only one field",
  ),
  "id-without-effect": warning(
    (field: string, why: string) => `${field} is marked as id, which has no effect: ${why}`,
    () => "mark the id of an aggregate, a saga, a read model or a request; or remove the mark",
  ),
  "tenant-type": error(
    (field: string) => `${field} cannot identify a tenant: expected a singular string outside of any oneof`,
    () => "change the type of the field to string, or mark another field as tenant",
  ),
  "subject-type": error(
    (field: string) =>
      `${field} cannot identify a data subject: expected a singular string or integer outside of any oneof`,
    () => "change the type of the field, or mark another field as subject",
  ),
  "two-subjects": error(
    (message: string, fields: string) => `${message} has more than one subject: ${fields}`,
    () => "mark only one field: the personal fields of a message belong to one data subject",
  ),
  "personal-subject": error(
    (field: string) => `${field} is personal, but also identifies the data subject and is stored in clear text`,
    () => "identify the data subject by a pseudonymous id, and remove one of the marks",
  ),
  "subject-without-personal": warning(
    (field: string) => `${field} identifies a data subject, but its message has no personal field`,
    () => "mark personal fields with [(potter.v1.field).personal = true], or remove the mark",
  ),
  "read-model-without-subject": warning(
    (readModel: string) => `${readModel} has personal fields but no subject: its rows store them in clear text`,
    () => "mark the field that identifies the data subject with [(potter.v1.field).subject = true]",
  ),
  "streaming-command": error(
    (rpc: string, aggregate: string) => `${rpc} addresses ${aggregate}, but is a streaming rpc`,
    () => "make it a unary rpc, or remove the aggregate",
  ),
  "negative-duration": error(
    (option: string, element: string) => `"${option}" of ${element} is not a positive duration`,
    () => "set it to more than zero seconds, or remove it for the default",
  ),
  ...legacyCatalogue,
  ...sagaCatalogue,
  ...transportCatalogue,
} as const;

/** The code of a diagnostic: `unknown-reference`. */
export type Code = keyof typeof catalogue;

/** The arguments of the message and hint of a code. */
export type ArgsOf<C extends Code> = Parameters<(typeof catalogue)[C]["message"]>;
