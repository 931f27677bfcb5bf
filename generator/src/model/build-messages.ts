import type { DescMessage } from "@bufbuild/protobuf";
import { Code, Persistence } from "../gen/potter/v1/options_pb.js";
import type { Contract } from "./contract.js";
import { buildDuration } from "./duration.js";
import { findIdField } from "./id-field.js";
import type { EventModel } from "./model.js";
import { toSnakeCase } from "./names.js";
import { holdsPersonal } from "./personal-present.js";
import { type MessageRoles, optionNumbers } from "./roles.js";

const roleWords = {
  aggregate: "aggregate",
  event: "event",
  error: "error",
  readModel: "read_model",
  saga: "saga",
} as const;

/** Builds events, errors, aggregates and read models, then resolves their references to events. */
export function buildMessages(contract: Contract): void {
  for (const [desc, roles] of contract.roles) {
    checkSingleRole(contract, desc, roles);
    if (roles.event !== undefined) buildEvent(contract, desc, roles.event);
    if (roles.error !== undefined) {
      const code = Code[roles.error.code || Code.FAILED_PRECONDITION].toLowerCase();
      contract.error.set(desc, { kind: "error", desc, ...contract.nameOf(desc), code });
    }
    if (roles.aggregate !== undefined) buildAggregate(contract, desc, roles.aggregate);
    if (roles.readModel !== undefined) buildReadModel(contract, desc);
  }
  for (const [desc, { event }] of contract.roles)
    if (event?.supersededBy) linkSuperseded(contract, desc, event.supersededBy);
  for (const [desc, { readModel }] of contract.roles) {
    const model = contract.readModel.get(desc);
    if (readModel === undefined || model === undefined) continue;
    model.from = contract.references("event", readModel.from, desc.typeName, { desc, option: optionNumbers.readModel });
  }
}

function checkSingleRole(contract: Contract, desc: DescMessage, roles: MessageRoles): void {
  const words = Object.entries(roleWords).flatMap(([role, word]) => (roles[role as keyof MessageRoles] ? [word] : []));
  if (words.length > 1) contract.diagnostics.report("two-roles", { desc }, desc.name, words.join(", "));
}

function buildEvent(contract: Contract, desc: DescMessage, options: NonNullable<MessageRoles["event"]>): void {
  contract.event.set(desc, {
    kind: "event",
    desc,
    ...contract.nameOf(desc),
    type: options.type || desc.typeName,
    version: options.version ?? 1,
    aggregate: undefined,
    holdsPersonal: holdsPersonal(desc),
    supersededBy: undefined,
  });
}

function linkSuperseded(contract: Contract, desc: DescMessage, name: string): void {
  const event = contract.event.get(desc);
  const ref = { desc, option: optionNumbers.event };
  const newer = contract.reference("event", name, desc.typeName, ref);
  if (event !== undefined && newer !== undefined) event.supersededBy = newer as EventModel;
}

function buildAggregate(contract: Contract, desc: DescMessage, options: NonNullable<MessageRoles["aggregate"]>): void {
  const conventional = `${toSnakeCase(desc.name)}_id`;
  const id = findIdField(desc, [conventional, "id"], contract.diagnostics);
  if (id === undefined) {
    contract.diagnostics.report("aggregate-without-id", { desc }, desc.name, conventional);
    return;
  }
  const ref = { desc, option: optionNumbers.aggregate };
  contract.aggregate.set(desc, {
    kind: "aggregate",
    desc,
    ...contract.nameOf(desc),
    type: options.type || desc.typeName,
    persistence: options.persistence === Persistence.STATE ? "state" : "events",
    snapshotEvery: buildCount(contract, desc, "snapshot_every", options.snapshotEvery),
    snapshotAfter: buildDuration(options.snapshotAfter, "snapshot_after", ref, contract.diagnostics),
    snapshotSize: buildCount(contract, desc, "snapshot_size", options.snapshotSize),
    id,
    commands: [],
    events: [],
    superseded: [],
    errors: [],
  });
}

/** Reads a snapshot policy that counts. Zero is ambiguous (always or never) and therefore reported. */
function buildCount(contract: Contract, desc: DescMessage, option: string, count: number | undefined) {
  if (count !== 0) return count;
  contract.diagnostics.report(
    "snapshot-zero",
    { desc, option: optionNumbers.aggregate, focus: option },
    option,
    desc.name,
  );
  return undefined;
}

function buildReadModel(contract: Contract, desc: DescMessage): void {
  const conventional = `${toSnakeCase(desc.name)}_id`;
  const key = findIdField(desc, [conventional, "id"], contract.diagnostics);
  if (key === undefined) {
    contract.diagnostics.report("read-model-without-key", { desc }, desc.name, conventional);
    return;
  }
  contract.readModel.set(desc, {
    kind: "readModel",
    desc,
    ...contract.nameOf(desc),
    key,
    from: [],
    holdsPersonal: holdsPersonal(desc),
  });
}
