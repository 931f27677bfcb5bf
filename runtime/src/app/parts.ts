import {
  type AnyDeciderPart,
  createCommandHandlers,
  type EngineOptions,
  type EventCatalog,
} from "../aggregate/index.js";
import type { AnyMethod, HandlersPart, Next } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { ProjectionPart } from "../projection/index.js";
import { createFunctionHandler, type FunctionContext } from "./function-handler.js";
import { findGaps, mountedServices, nameOf, type Unimplemented } from "./gaps.js";
import { checkStateStored } from "./state-stored.js";

/** What a user's code declares: a decider, a projection, or handlers. */
export type Part = AnyDeciderPart | ProjectionPart | HandlersPart;

/**
 * The handler of every method, from all parts. Throws one error that names every gap and every clash. Methods that are
 * listed as unimplemented are answered so.
 */
export function createHandlers(
  parts: readonly Part[],
  catalog: EventCatalog,
  engine: EngineOptions,
  functions: FunctionContext,
  unimplemented: readonly Unimplemented[] = [],
): ReadonlyMap<AnyMethod, Next> {
  const handlers = new Map<AnyMethod, Next>();
  const faults: string[] = [];
  const add = (method: AnyMethod, handle: Next) => {
    if (handlers.has(method)) faults.push(`${nameOf(method)} is handled by more than one part`);
    handlers.set(method, handle);
  };
  for (const part of parts) {
    if (part.kind === "decider") {
      const commands = part.aggregate.commands();
      for (const [name, handle] of createCommandHandlers(part, catalog, engine)) {
        const command = commands[name];
        if (command !== undefined) add(command.method, handle);
      }
    } else if (part.kind !== "projection") {
      for (const [name, handler] of Object.entries(part.handlers)) {
        const method = part.service.methods[name];
        if (method === undefined) faults.push(`${part.service.typeName} has no method ${name}`);
        else if (typeof handler === "function")
          add(method, createFunctionHandler(method, part.service, handler as never, functions));
      }
    }
  }
  faults.push(...findGaps(parts, handlers, unimplemented), ...findTwins(parts), ...checkStateStored(parts));
  if (faults.length > 0) throw new Error(`the parts of the app do not fit:\n${faults.map((f) => `  ${f}`).join("\n")}`);
  const methods = mountedServices(parts).flatMap((service) => Object.values(service.methods));
  for (const method of methods) if (!handlers.has(method)) handlers.set(method, refuse(method));
  return handlers;
}

/** Methods that are left out on purpose: the caller learns that they exist and are not served here. */
function refuse(method: AnyMethod): Next {
  return () => Promise.reject(new PotterError("unimplemented", `${nameOf(method)} is not implemented by this app`));
}

/** Parts that are given twice under one name. */
function findTwins(parts: readonly Part[]): string[] {
  const names = parts.flatMap((part) => {
    if (part.kind === "projection") return [`the projection of ${part.readModel.codec.typeName}`];
    return part.kind === "decider" ? [`the aggregate stored as ${part.aggregate.type}`] : [];
  });
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].map(
    (name) => `${name} is given more than once`,
  );
}
