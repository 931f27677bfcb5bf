import type { DescFile } from "@bufbuild/protobuf";
import type { Contract, Draft } from "./contract.js";
import type { AggregateModel, CommandTarget, EventModel, MethodModel } from "./model.js";
import { optionNumbers } from "./roles.js";

interface Emission {
  readonly method: MethodModel;
  readonly target: CommandTarget;
}

/** Assigns each event to its aggregate, and collects the commands, events and errors of each aggregate. */
export function linkAggregates(contract: Contract): void {
  const emissions = commandsOf(contract);
  const emitters = new Map<EventModel, AggregateModel | undefined>();
  for (const { target } of emissions) {
    for (const event of target.emits) if (!emitters.has(event)) emitters.set(event, target.aggregate);
  }
  const byFile = group([...contract.aggregate.values()], ({ desc }) => desc.file);
  for (const event of contract.event.values()) event.aggregate = findOwner(contract, event, emitters, byFile);
  for (const event of contract.event.values()) event.aggregate ??= newest(event).aggregate;
  const own = {
    events: group([...contract.event.values()], ({ aggregate }) => aggregate),
    commands: group(emissions, ({ target }) => target.aggregate),
  };
  for (const aggregate of contract.aggregate.values()) {
    linkAggregate(aggregate, own.events.get(aggregate) ?? [], own.commands.get(aggregate) ?? []);
  }
}

function group<T, K>(values: readonly T[], keyOf: (value: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [value]);
    else known.push(value);
  }
  return groups;
}

function commandsOf(contract: Contract): Emission[] {
  return [...contract.method.values()].flatMap((method) =>
    method.role.kind === "command" && method.role.target ? [{ method, target: method.role.target }] : [],
  );
}

function findOwner(
  contract: Contract,
  event: EventModel,
  emitters: ReadonlyMap<EventModel, AggregateModel | undefined>,
  byFile: ReadonlyMap<DescFile, readonly AggregateModel[]>,
): AggregateModel | undefined {
  const { desc } = event;
  const named = contract.roles.get(desc)?.event?.aggregate;
  if (named) return contract.reference("aggregate", named, desc.typeName, { desc, option: optionNumbers.event });
  if (emitters.has(event)) return emitters.get(event);
  if (event.supersededBy !== undefined) return undefined;
  const inFile = byFile.get(desc.file) ?? [];
  return inFile.length === 1 ? inFile[0] : undefined;
}

/** Returns the newest version of an event. If the chain is cyclic, returns any of its events. */
function newest(event: EventModel): EventModel {
  const seen = new Set<EventModel>();
  let current = event;
  while (current.supersededBy !== undefined && !seen.has(current)) {
    seen.add(current);
    current = current.supersededBy;
  }
  return current;
}

function linkAggregate(
  aggregate: Draft<AggregateModel>,
  own: readonly EventModel[],
  emissions: readonly Emission[],
): void {
  aggregate.commands = emissions.map(({ method }) => method);
  aggregate.events = own.filter((event) => event.supersededBy === undefined);
  aggregate.superseded = own.filter((event) => event.supersededBy !== undefined);
  aggregate.errors = [
    ...new Set(aggregate.commands.flatMap(({ role }) => (role.kind === "command" ? role.errors : []))),
  ];
}
