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
  for (const event of contract.event.values()) event.aggregate = findOwner(contract, event, emissions);
  for (const event of contract.event.values()) event.aggregate ??= newest(event).aggregate;
  for (const aggregate of contract.aggregate.values()) linkAggregate(contract, aggregate, emissions);
}

function commandsOf(contract: Contract): Emission[] {
  return [...contract.method.values()].flatMap((method) =>
    method.role.kind === "command" && method.role.target ? [{ method, target: method.role.target }] : [],
  );
}

function findOwner(contract: Contract, event: EventModel, emissions: readonly Emission[]): AggregateModel | undefined {
  const { desc } = event;
  const named = contract.roles.get(desc)?.event?.aggregate;
  if (named) return contract.reference("aggregate", named, desc.typeName, { desc, option: optionNumbers.event });
  const emitter = emissions.find(({ target }) => target.emits.includes(event));
  if (emitter !== undefined) return emitter.target.aggregate;
  if (event.supersededBy !== undefined) return undefined;
  const inFile = [...contract.aggregate.values()].filter((aggregate) => aggregate.desc.file === desc.file);
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

function linkAggregate(contract: Contract, aggregate: Draft<AggregateModel>, emissions: readonly Emission[]): void {
  const own = [...contract.event.values()].filter((event) => event.aggregate === aggregate);
  aggregate.commands = emissions.flatMap(({ method, target }) => (target.aggregate === aggregate ? [method] : []));
  aggregate.events = own.filter((event) => event.supersededBy === undefined);
  aggregate.superseded = own.filter((event) => event.supersededBy !== undefined);
  aggregate.errors = [
    ...new Set(aggregate.commands.flatMap(({ role }) => (role.kind === "command" ? role.errors : []))),
  ];
}
