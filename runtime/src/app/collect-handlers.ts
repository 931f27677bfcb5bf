import type { AnyDeciderPart } from "../aggregate/index.js";
import type { AnyMethod, Handler, Next } from "../cqrs/index.js";
import type { Part } from "../engines/index.js";
import { PotterError } from "../errors/index.js";
import { createFunctionHandler, type FunctionContext } from "./function-handler.js";
import { findGaps, mountedServices, nameOf, type Unimplemented } from "./unhandled-methods.js";

/**
 * Creates the handler of every method from all parts. Throws one PotterError that lists all gaps and conflicts. Calls of
 * methods listed as unimplemented fail with `unimplemented`. `given`: further faults of the parts.
 */
export function createHandlers(
  parts: readonly Part[],
  commandsOf: (part: AnyDeciderPart) => ReadonlyMap<string, Next>,
  functions: FunctionContext,
  given: (handled: ReadonlyMap<AnyMethod, unknown>) => readonly string[],
  unimplemented: readonly Unimplemented[] = [],
): ReadonlyMap<AnyMethod, Next | Handler> {
  const handlers = new Map<AnyMethod, Next | Handler>();
  const faults: string[] = [];
  const add = (method: AnyMethod, handle: Next | Handler) => {
    if (handlers.has(method)) faults.push(`${nameOf(method)} is handled by more than one part`);
    handlers.set(method, handle);
  };
  for (const part of parts) {
    if (part.kind === "decider") {
      const commands = part.aggregate.commands();
      for (const [name, handle] of commandsOf(part)) {
        const command = commands[name];
        if (command !== undefined) add(command.method, handle);
      }
    } else if (part.kind === "queries" || part.kind === "commands") {
      for (const [name, handler] of Object.entries(part.handlers)) {
        const method = part.service.methods[name];
        if (method === undefined) faults.push(`${part.service.typeName} has no method ${name}`);
        else if (typeof handler === "function")
          add(method, createFunctionHandler(method, part.service, handler as never, functions));
      }
    }
  }
  faults.push(...findGaps(parts, handlers, unimplemented), ...findDuplicates(parts), ...given(handlers));
  if (faults.length > 0) {
    const list = faults.map((fault) => `  ${fault}`).join("\n");
    throw new PotterError("invalid_argument", `the parts of the app do not fit:\n${list}`);
  }
  const methods = mountedServices(parts).flatMap((service) => Object.values(service.methods));
  for (const method of methods) if (!handlers.has(method)) handlers.set(method, refuse(method));
  return handlers;
}

/** The handler of a method that the app leaves out on purpose. */
function refuse(method: AnyMethod): Next {
  return () => Promise.reject(new PotterError("unimplemented", `${nameOf(method)} is not implemented by this app`));
}

/** Reports parts that are given twice. */
function findDuplicates(parts: readonly Part[]): string[] {
  const names = parts.flatMap((part) => {
    if (part.kind === "projection") return [`the projection of ${part.readModel.codec.typeName}`];
    if (part.kind === "saga") return [`the saga ${part.saga.name}`];
    if (part.kind === "reaction") return [`the reaction ${part.name}`];
    if (part.kind === "schedule") return [`the schedule ${part.name}`];
    if (part.kind === "scheduled commands")
      return part.methods.map((method) => `${nameOf(method)} as a scheduled command`);
    return part.kind === "decider" ? [`the aggregate stored as ${part.aggregate.type}`] : [];
  });
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].map(
    (name) => `${name} is given more than once`,
  );
}
