import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { type App, createApp, type Store } from "@potter/runtime";
import { build } from "esbuild";
import { emitCqrs, emitMessages, emitSagas, narrowTo, Project } from "../../../../generator/src/testing/index.js";
import { fileOf } from "./table.fixture.js";

/** Messages, by the numbers of their fields: what is independent of names. */
export type Numbers = Readonly<Record<string, unknown>>;

/** The generated code of one contract. Nothing about its types is known when this file is compiled. */
// biome-ignore lint/suspicious/noExplicitAny: the contracts of the table have different types
type Generated = Readonly<Record<string, any>>;

/** Generates and compiles the code of some changes. */
export async function generateServices(request: CodeGeneratorRequest, numbers: readonly number[]): Promise<Project> {
  const narrowed = narrowTo(request, numbers.map(fileOf));
  const own = numbers.map((at) => narrowTo(request, [fileOf(at)]));
  const files: Readonly<Record<string, string>> = Object.assign(
    { ...emitMessages(narrowed, "es") },
    // One at a time, since they have the same routes.
    ...own.flatMap((one) => [emitCqrs(one, "es"), emitSagas(one, "es", "none")]),
  );
  const project = new Project(files);
  const entryPoints = Object.keys(files).map((path) => join(project.folder, path));
  await build({ entryPoints, outdir: project.folder, outbase: project.folder, format: "esm", logLevel: "error" });
  return project;
}

/** Loads the generated code of one change. */
export async function load(project: Project, at: number): Promise<Generated> {
  const path = fileOf(at).replace(".proto", "");
  const [cqrs, saga] = await Promise.all(
    ["cqrs", "saga"].map((kind) => import(pathToFileURL(join(project.folder, `${path}_${kind}.js`)).href)),
  );
  return { ...(cqrs as Generated), ...(saga as Generated) };
}

/** A service of one contract. Its handlers do the same whatever the contract calls things. */
export class Service {
  /** The events of each aggregate as its decider has folded them, by the id of the aggregate. */
  readonly states: Map<string, readonly Numbers[]> = new Map();
  /** Its app. */
  readonly app: App;
  /** Its generated code. */
  readonly contract: Generated;

  constructor(contract: Generated, store: Store, sagas: readonly object[] = []) {
    this.contract = contract;
    const aggregates = Object.values(contract).filter((one) => typeof one?.decider === "function");
    const rows = Object.values(contract).filter((one) => typeof one?.projection === "function");
    const parts = [
      ...aggregates.map((aggregate) => this.decider(aggregate)),
      ...rows.map((row) => row.projection({ on: toRecord(Object.keys(row.definition.events), () => () => {}) })),
      contract["Orders"].queries(
        contract["Orders"].methods.getOrder?.kind === "query" ? this.queries(contract["Orders"]) : {},
      ),
      contract["Checkouts"].commands({ start: () => ({}) }),
      ...sagas,
    ];
    this.app = createApp({ parts: parts as never, store });
  }

  private queries({ methods }: Generated): object {
    const queries = Object.entries<Generated>(methods).filter(([, { kind }]) => kind === "query");
    const row = { orderId: "o1", note: "n", code: "c" };
    return Object.fromEntries(queries.map(([name, method]) => [name, () => pick(row, method["response"].schema)]));
  }

  private decider(aggregate: Generated): object {
    const { definition } = aggregate;
    const commands: Readonly<Record<string, Generated>> = definition.commands();
    const [reject] = Object.values<(details: object) => object>(aggregate["reject"]);
    const decide = (name: string) => (state: readonly Numbers[], command: object, ctx: { id: string }) => {
      this.states.set(ctx.id, state);
      if ((command as { note?: unknown }).note === "too large") return reject?.({ limit: 1 });
      const event = (
        { place: ["placed"], cancel: ["cancelled", "withdrawn"], touch: ["touched"], reserve: ["reserved"] }[name] ?? []
      ).find((one) => one in definition.events);
      if (event === undefined) return [];
      return aggregate["event"][event](pick({ ...command, total: 7 }, definition.events[event].codec.schema));
    };
    const written = Object.entries(commands).filter(([, command]) => command["respond"] === undefined);
    const upcasts: Readonly<Record<string, Generated>> = definition.upcasts ?? {};
    return aggregate["decider"]({
      initial: () => [],
      decide: toRecord(Object.keys(commands), decide),
      evolve: toRecord(Object.keys(definition.events), (name) => (state: readonly Numbers[], event: object) => [
        ...state,
        toNumbers(definition.events[name].codec.schema, event),
      ]),
      ...(written.length > 0 && {
        reply: Object.fromEntries(
          written.map(([name, { method }]) => [
            name,
            () => pick({ text: "done", other: "x", orderId: "o1" }, method.response.schema),
          ]),
        ),
      }),
      ...(Object.keys(upcasts).length > 0 && {
        upcast: Object.fromEntries(Object.keys(upcasts).map((name) => [name, (event: object) => event])),
      }),
      ...(definition.persistence === "state" && {
        snapshot: {
          version: 1,
          encode: (state: unknown) => new TextEncoder().encode(JSON.stringify(state)),
          decode: (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)),
        },
      }),
    });
  }
}

function toRecord<T>(names: readonly string[], create: (name: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(names.map((name) => [name, create(name)]));
}

/** Takes the fields that a message has. */
function pick(values: object, schema: DescMessage): object {
  const given = values as Readonly<Record<string, unknown>>;
  const fields = schema.fields.filter(({ localName }) => given[localName] !== undefined);
  return Object.fromEntries(fields.map(({ localName }) => [localName, given[localName]]));
}

/** Turns a message into values by the numbers of its fields. */
export function toNumbers(schema: DescMessage, message: object): Numbers {
  const values = message as Readonly<Record<string, unknown>>;
  return Object.fromEntries(schema.fields.map((field) => [`${field.number}`, readValue(field, values)]));
}

function readValue(field: DescField, values: Readonly<Record<string, unknown>>): unknown {
  const oneof = field.oneof && (values[field.oneof.localName] as { case?: string; value?: unknown });
  const value =
    oneof === undefined ? values[field.localName] : oneof.case === field.localName ? oneof.value : undefined;
  if (field.fieldKind === "list" && field.listKind === "message") {
    return (value as object[]).map((one) => toNumbers(field.message, one));
  }
  return typeof value === "bigint" ? Number(value) : value;
}
