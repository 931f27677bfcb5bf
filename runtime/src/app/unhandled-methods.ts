import type { AnyMethod, AnyService, ReadModelDefinition } from "../cqrs/index.js";
import type { Part } from "../engines/index.js";

/** What an app leaves out on purpose: a method, a read model, or a service for all of its methods without a handler. */
export type Unimplemented =
  | Pick<AnyMethod, "service" | "name" | "kind">
  | { readonly definition: ReadModelDefinition }
  | { readonly typeName: string; readonly methods: object };

/** The methods that have a handler. */
type Handled = Pick<ReadonlySet<AnyMethod>, "has">;

/** The services of which at least one method is handled by a part. */
export function mountedServices(parts: readonly Part[]): readonly AnyService[] {
  const services = parts.flatMap((part): readonly AnyService[] => {
    if (part.kind === "decider") return part.aggregate.services?.() ?? [];
    return part.kind === "queries" || part.kind === "commands" ? [part.service] : [];
  });
  return [...new Set(services)];
}

/**
 * Reports what the contract of the mounted services declares and no part implements: methods without a handler, read models
 * without a projection, functions missing in a part. Also reports entries of `unimplemented` that are not missing.
 */
export function findGaps(
  parts: readonly Part[],
  handled: Handled,
  unimplemented: readonly Unimplemented[],
): readonly string[] {
  const services = mountedServices(parts);
  const methods = services
    .flatMap((service) => Object.values(service.methods))
    .filter((method) => !handled.has(method));
  const isLeftOut = (method: AnyMethod) => unimplemented.some((entry) => coversMethod(entry, method));
  const readModels = queriedReadModels(services, (method) => handled.has(method) || !isLeftOut(method)).filter(
    (readModel) => !parts.some((part) => part.kind === "projection" && isSame(part.readModel, readModel)),
  );
  return [
    ...methods
      .filter((method) => !isLeftOut(method))
      .map((method) => `${nameOf(method)} has no handler: ${adviceFor(method)}`),
    ...readModels
      .filter((readModel) => !unimplemented.some((entry) => coversReadModel(entry, readModel)))
      .map(
        ({ codec, name }) =>
          `${codec.typeName} has no projection: add ${name}.projection({…}) to the parts, or list it in "unimplemented"`,
      ),
    ...parts.flatMap(findMissingFunctions),
    ...unimplemented
      .filter((entry) => !methods.some((one) => coversMethod(entry, one)))
      .filter((entry) => !readModels.some((one) => coversReadModel(entry, one)))
      .map((entry) => `${describe(entry)} is listed in "unimplemented", but nothing of it is missing: remove it`),
  ];
}

/** The read models that query handlers can read, also those that are missing: all that an app lacks is reported together. */
function queriedReadModels(
  services: readonly AnyService[],
  isNeeded: (method: AnyMethod) => boolean,
): readonly ReadModelDefinition[] {
  const queried = services.filter(({ methods }) =>
    Object.values(methods).some((method) => method.kind === "query" && isNeeded(method)),
  );
  const found = queried.flatMap((service) => Object.values(service.views()).map(({ definition }) => definition));
  return found.filter((one, at) => found.findIndex((other) => isSame(one, other)) === at);
}

function adviceFor({ service, kind }: AnyMethod): string {
  const name = service.split(".").at(-1);
  return kind === "query"
    ? `add ${name}.queries({…}) to the parts, or list it in "unimplemented"`
    : `add the decider of its aggregate, or ${name}.commands({…}), to the parts, or list it in "unimplemented"`;
}

/** Reports functions that the types require, but that code without type checking may lack. */
function findMissingFunctions(part: Part): string[] {
  if (part.kind === "decider") {
    const { aggregate, decider } = part;
    const slots = [
      ["decide", Object.keys(aggregate.commands())],
      ["evolve", Object.keys(aggregate.events)],
      ["upcast", Object.keys(aggregate.upcasts ?? {})],
    ] as const;
    return slots.flatMap(([slot, names]) =>
      missingIn(decider[slot], names).map((name) => `the decider of ${aggregate.name} has no "${slot}.${name}"`),
    );
  }
  if (part.kind !== "projection") return [];
  const { readModel, on } = part;
  return missingIn(on, Object.keys(readModel.events)).map(
    (name) => `the projection of ${readModel.codec.typeName} has no "on.${name}"`,
  );
}

function missingIn(functions: object | undefined, names: readonly string[]): readonly string[] {
  return names.filter((name) => typeof (functions as Record<string, unknown> | undefined)?.[name] !== "function");
}

function coversMethod(entry: Unimplemented, method: AnyMethod): boolean {
  if ("definition" in entry) return false;
  return "typeName" in entry
    ? entry.typeName === method.service
    : entry.service === method.service && entry.name === method.name;
}

function coversReadModel(entry: Unimplemented, readModel: ReadModelDefinition): boolean {
  return "definition" in entry && isSame(entry.definition, readModel);
}

function isSame(one: ReadModelDefinition, other: ReadModelDefinition): boolean {
  return one.codec.typeName === other.codec.typeName;
}

function describe(entry: Unimplemented): string {
  if ("definition" in entry) return entry.definition.codec.typeName;
  return "typeName" in entry ? entry.typeName : nameOf(entry);
}

/** The full name of a method: `shop.orders.v1.OrderService.PlaceOrder`. */
export function nameOf({ service, name }: Pick<AnyMethod, "service" | "name">): string {
  return `${service}.${name}`;
}
