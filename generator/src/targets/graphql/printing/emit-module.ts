import { runtime } from "../../../messages/index.js";
import type { MethodModel } from "../../../model/index.js";
import type { GeneratedFile } from "../../../output/index.js";
import {
  type ImportExtension,
  type Printable,
  printProperty,
  printString,
  SourceFile,
  symbol,
} from "../../../printer/index.js";
import type { EntityBinding, EventsBinding, MethodBinding, Scope } from "../contract/index.js";
import type { BuiltSchema } from "../schema/index.js";
import { printData } from "./print-data.js";

/** Emits the module that binds a schema to the contract. */
export function emitModule(
  { path }: Scope,
  { bindings }: BuiltSchema,
  sdl: string,
  extension: ImportExtension,
  header: string,
): GeneratedFile {
  const file = new SourceFile(`${path}_graphql`, ["graphqlContract"], extension);
  file.lines(["/** The GraphQL schema, and what its fields are in the contract. */"]);
  file.print("export const graphqlContract: ", runtime.GraphQLContract, " = ", runtime.defineGraphQL, "({");
  file.lines([`  typeDefs: \`${escapeTemplate(sdl)}\`,`]);
  printRecord(file, "query", bindings.query, toProperties);
  printRecord(file, "mutation", bindings.mutation, toProperties);
  printRecord(file, "subscription", bindings.subscription, toProperties);
  printRecord(file, "objects", sorted(bindings.objects), dataOf);
  printRecord(file, "inputs", sorted(bindings.inputs), dataOf);
  printRecord(file, "enums", sorted(bindings.enums), dataOf);
  if (bindings.entities.size > 0) printRecord(file, "entities", sorted(bindings.entities), entityProperties);
  file.print("});");
  return { name: `${file.path}.ts`, content: file.toString(header) };
}

function escapeTemplate(text: string): string {
  return text.replace(/[\\`]|\$\{/g, "\\$&");
}

/** A property of a binding. Its value is plain data, or is printed with symbols. */
type Property = readonly [name: string, value: { readonly data: unknown } | { readonly printed: Printable }];

function printRecord<T>(
  file: SourceFile,
  name: string,
  record: ReadonlyMap<string, T>,
  propertiesOf: (value: T) => readonly Property[],
): void {
  if (record.size === 0) {
    file.print(`  ${name}: {},`);
    return;
  }
  file.print(`  ${name}: {`);
  for (const [key, value] of record) printBinding(file, `    ${printProperty(key)}: {`, propertiesOf(value));
  file.print("  },");
}

function printBinding(file: SourceFile, head: string, properties: readonly Property[]): void {
  const line = properties.flatMap(([name, value], at): Printable[] => [
    `${at === 0 ? " " : ", "}${name}: `,
    "data" in value ? printData(value.data, "", Number.NEGATIVE_INFINITY) : value.printed,
  ]);
  if (head.length + widthOf(line) <= 110) {
    file.print(head, ...line, " },");
    return;
  }
  file.print(head);
  for (const [name, value] of properties) {
    const start = `      ${name}: `;
    file.print(start, "data" in value ? printData(value.data, "      ", start.length) : value.printed, ",");
  }
  file.print("    },");
}

function widthOf(printable: Printable): number {
  if (typeof printable === "string") return printable.length;
  if ("kind" in printable) return printable.name.length;
  return printable.reduce((sum, part) => sum + widthOf(part), 0);
}

function sorted<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The properties of a binding, without absent and empty ones. */
function dataOf(binding: object): readonly Property[] {
  return Object.entries(binding)
    .filter(([, data]) => data !== undefined && !(typeof data === "object" && Object.keys(data).length === 0))
    .map(([name, data]) => [name, { data }]);
}

function toProperties(binding: MethodBinding | EventsBinding): readonly Property[] {
  if ("aggregate" in binding) {
    const { aggregate, ...rest } = binding;
    const printed = symbol(aggregate.name, { path: `${aggregate.desc.file.name}_cqrs` });
    return [["aggregate", { printed }], ...dataOf(rest)];
  }
  const { method, connection, ...rest } = binding;
  const { others = {}, ...paging } = connection ?? {};
  const shown = Object.keys(others).length === 0 ? paging : { ...paging, others };
  return [["method", { printed: printMethod(method) }], ...dataOf(rest), ...dataOf({ connection: shown })];
}

function printMethod({ service, localName }: MethodModel): Printable {
  const access = /^[A-Za-z_$][\w$]*$/.test(localName) ? `.${localName}` : `[${printString(localName)}]`;
  return [symbol(service.name, { path: `${service.desc.file.name}_cqrs` }), `.methods${access}`];
}

function entityProperties({ lookups, federated }: EntityBinding): readonly Property[] {
  const printed = lookups.map(
    ({ method, keys, items, most }, at): Printable => [
      at === 0 ? "{ method: " : ", { method: ",
      printMethod(method),
      `, keys: ${printData(keys, "", Number.NEGATIVE_INFINITY)}`,
      items === undefined ? "" : `, items: ${printString(items)}`,
      most === undefined ? " }" : `, most: ${most} }`,
    ],
  );
  return [["lookups", { printed: ["[", ...printed, "]"] }], ...(federated ? dataOf({ federated }) : [])];
}
