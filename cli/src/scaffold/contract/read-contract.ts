import type {
  AggregateModel,
  MethodModel,
  Model,
  ReadModelDesc,
  SagaModel,
  SagaStepModel,
  ServiceModel,
} from "@potter/generator";
import type { DefinitionName, Expected, ExpectedContract, ExpectedObject, ExpectedPart } from "./expected.js";
import { fileNameOf, propertyOf, withoutService } from "./names.js";
import { closedObject, openObject, stubFunction, stubValue } from "./stubs.js";

type Entry = readonly [string, Expected];

/** Which generated modules user code can import. */
export interface GeneratedModules {
  /** Whether the target `cqrs` is generated. */
  readonly cqrs: boolean;
  /** Whether the target `saga` is generated. */
  readonly saga: boolean;
}

/** Reads from the models of a contract what users' files have to contain. */
export function readContract(models: readonly Model[], generated: GeneratedModules): ExpectedContract {
  const parts: ExpectedPart[] = [];
  const modules = new Map<string, Set<string>>();
  const services = new Map<ExpectedPart, readonly DefinitionName[]>();
  const exports = (module: string, names: readonly { readonly name: string }[]): void => {
    modules.set(module, new Set([...(modules.get(module) ?? []), ...names.map(({ name }) => name)]));
  };
  for (const file of models.flatMap(({ files }) => files)) {
    const cqrs = cqrsModule(file.desc.name);
    const saga = `${file.desc.name}_saga`;
    if (generated.cqrs) {
      exports(cqrs, [...file.aggregates, ...file.readModels, ...file.services]);
      for (const aggregate of file.aggregates) {
        const part = aggregatePart(aggregate, cqrs);
        parts.push(part);
        services.set(part, [...new Set(aggregate.commands.map(({ service }) => service))].map(definitionOf));
      }
      parts.push(...file.readModels.map((readModel) => projectionPart(readModel, cqrs)));
      for (const service of file.services) {
        for (const part of handlerParts(service, cqrs)) {
          parts.push(part);
          services.set(part, [definitionOf(service)]);
        }
      }
    }
    if (generated.saga) {
      exports(saga, file.sagas);
      parts.push(...file.sagas.map((one) => sagaPart(one, saga)));
    }
  }
  return { parts, modules, services };
}

function cqrsModule(file: string): string {
  return `${file}_cqrs`;
}

function definitionOf({ name, desc }: ServiceModel): DefinitionName {
  return { module: cqrsModule(desc.file.name), name };
}

function aggregatePart(aggregate: AggregateModel, module: string): ExpectedPart {
  const { name, commands, events, superseded } = aggregate;
  const stub = (path: string): Expected => stubFunction(`${name}.${path}`);
  const decided = commands.filter(({ role }) => role.kind === "command" && role.target !== undefined);
  const isWritten = ({ role }: MethodModel): boolean => role.kind === "command" && role.target?.reply === undefined;
  const entries = (slot: string, elements: readonly { readonly localName: string }[]): Entry[] =>
    elements.map(({ localName }) => [localName, stub(`${slot}.${localName}`)]);
  const reply = closedObject(
    entries("reply", decided.filter(isWritten)),
    entries(
      "reply",
      decided.filter((method) => !isWritten(method)),
    ),
  );
  const upcast = closedObject(
    entries(
      "upcast",
      superseded.filter(({ supersededBy }) => supersededBy !== undefined),
    ),
  );
  const missing = (key: string): string => `${key}: ${stubFunction(`${name}.snapshot.${key}`).stub}`;
  const snapshot = stubValue(`{ version: 1, ${missing("encode")}, ${missing("decode")} }`);
  const { snapshotEvery, snapshotAfter, snapshotSize } = aggregate;
  const hasSnapshots =
    aggregate.persistence === "state" || [snapshotEvery, snapshotAfter, snapshotSize].some((one) => one !== undefined);
  const slots: readonly (readonly [string, Expected, boolean])[] = [
    ["reply", reply, reply.required.size > 0],
    ["upcast", upcast, upcast.required.size > 0],
    ["snapshot", snapshot, hasSnapshots],
  ];
  return {
    module,
    name,
    method: "decider",
    label: `aggregate ${name}`,
    behaviour: openObject(
      [
        ["initial", stubValue("() => ({ exists: false })")],
        ["decide", closedObject(entries("decide", decided))],
        ["evolve", closedObject(entries("evolve", events))],
        ...slots.filter(([, , isRequired]) => isRequired).map(([slot, value]): Entry => [slot, value]),
      ],
      slots.filter(([, , isRequired]) => !isRequired).map(([slot, value]): Entry => [slot, value]),
    ),
    file: fileNameOf(name),
    constant: propertyOf(name),
    comment: `Decides the commands of the aggregate ${name}.`,
  };
}

function projectionPart({ name, from }: ReadModelDesc, module: string): ExpectedPart {
  const mustBeInline = from.some(({ aggregate }) => aggregate?.persistence === "state");
  const on = closedObject(from.map(({ localName }) => [localName, stubFunction(`${name}.on.${localName}`)]));
  return {
    module,
    name,
    method: "projection",
    label: `read model ${name}`,
    behaviour: openObject([...(mustBeInline ? [["mode", stubValue('"inline"')] as const] : []), ["on", on]]),
    file: fileNameOf(name),
    constant: `${propertyOf(name)}Projection`,
    comment: `Keeps the rows of the read model ${name}.`,
  };
}

function handlerParts({ name, methods }: ServiceModel, module: string): readonly ExpectedPart[] {
  const stem = withoutService(name);
  const part = (method: "queries" | "commands", handled: readonly MethodModel[]): ExpectedPart[] =>
    handled.length === 0
      ? []
      : [
          {
            module,
            name,
            method,
            label: `${method} of the service ${name}`,
            behaviour: closedObject(
              handled.map(({ localName }) => [localName, stubFunction(`${name}.${method}.${localName}`)]),
            ),
            file: `${fileNameOf(stem)}-${method}`,
            constant: `${propertyOf(stem)}${method === "queries" ? "Queries" : "Commands"}`,
            comment: `Handles the ${method} of the service ${name}.`,
          },
        ];
  return [
    ...part(
      "commands",
      methods.filter(({ role }) => role.kind === "command" && role.target === undefined),
    ),
    ...part(
      "queries",
      methods.filter(({ role }) => role.kind === "query"),
    ),
  ];
}

function sagaPart({ name, startsOn, steps }: SagaModel, module: string): ExpectedPart {
  const behaviours = steps
    .filter((step) => step.kind !== "unresolved")
    .map((step) => [step.localName, stepBehaviour(name, step)] as const);
  const needed = behaviours.filter(([, { required }]) => required.size > 0);
  const start: Entry[] = startsOn === undefined ? [] : [["start", stubFunction(`${name}.start`)]];
  return {
    module,
    name,
    method: "saga",
    label: `saga ${name}`,
    behaviour: closedObject([
      ...start,
      [
        "steps",
        closedObject(
          needed,
          behaviours.filter(([, { required }]) => required.size === 0),
        ),
      ],
    ]),
    file: fileNameOf(name),
    constant: propertyOf(name),
    comment: `What the steps of the saga ${name} send, and what it keeps of the responses.`,
  };
}

function stepBehaviour(saga: string, step: SagaStepModel): ExpectedObject {
  const entry = (key: string): Entry => [key, stubFunction(`${saga}.${step.localName}.${key}`)];
  const when = step.when ? [entry("when")] : [];
  switch (step.kind) {
    case "command": {
      const compensation = step.compensation === undefined ? [] : [entry("compensation")];
      return closedObject(
        [...when, entry(step.forEach ? "commands" : "command"), ...compensation],
        [entry("response")],
      );
    }
    case "event":
      return closedObject(when, [entry("event")]);
    case "saga":
      return closedObject([...when, entry("start")], [entry("completed")]);
    default:
      return closedObject(when);
  }
}
