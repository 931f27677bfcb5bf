import { isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { CliError } from "../cli-error.js";
import type { CompileInput } from "../contract/index.js";
import type { PluginEntry, Template } from "./template.js";

type Fields = Readonly<Record<string, unknown>>;

/** Reads a buf.gen.yaml of version v2. Throws a CliError with the place of what it cannot read. */
export function readTemplate(file: string, text: string): Template {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number | undefined): string => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${file}:${line}:${col}`;
  };
  const [error] = document.errors;
  if (error !== undefined) throw new CliError(`${placeOf(error.pos[0])}: invalid YAML: ${error.message}`, 2);
  const root = document.contents;
  const place = (node: unknown): string => placeOf((node as Node | null | undefined)?.range?.[0]);
  if (!isMap(root)) throw new CliError(`${file}:1:1: expected a mapping with version: v2 and plugins`, 2);
  const raw = document.toJS() as Fields;
  checkVersion(raw["version"], place(root.get("version", true) ?? root));

  const entries = root.get("plugins", true);
  if (!isSeq(entries) || entries.items.length === 0) {
    throw new CliError(`${place(entries ?? root)}: expected a list of plugins under "plugins"`, 2);
  }
  const plugins = entries.items.map((node, at) => {
    const fields = (raw["plugins"] as readonly unknown[])[at];
    if (!isMap(node)) throw new CliError(`${place(node)}: expected a plugin with "local" or "remote", and "out"`, 2);
    return readPlugin(fields as Fields, (key) => place(key === undefined ? node : (node.get(key, true) ?? node)));
  });
  const inputs = readInputs(raw["inputs"]);
  return {
    file,
    plugins,
    inputs: typeof inputs === "string" ? [] : inputs,
    clean: raw["clean"] === true,
    onlyBuf: typeof inputs === "string" ? inputs : whyWhole(raw),
    raw,
  };
}

function checkVersion(version: unknown, place: string): void {
  if (version === "v2") return;
  if (version === "v1" || version === "v1beta1") {
    throw new CliError(
      `${place}: version ${version} is too old: run npx buf config migrate, which writes version v2`,
      2,
    );
  }
  throw new CliError(
    `${place}: expected version: v2, found ${version === undefined ? "no version" : JSON.stringify(version)}`,
    2,
  );
}

/** Why only buf can run a template: it has settings that change the contract, or that this release does not know. */
function whyWhole(raw: Fields): string | undefined {
  const managed = raw["managed"] as Fields | undefined;
  if (managed?.["enabled"] === true) return "managed mode is on";
  const known = ["version", "clean", "plugins", "inputs", "managed"];
  const other = Object.keys(raw).find((key) => !known.includes(key));
  return other === undefined ? undefined : `it sets "${other}"`;
}

const sources = ["local", "remote", "protoc_builtin"] as const;
const settings = [...sources, "out", "opt", "strategy", "include_imports", "include_wkt"];

function readPlugin(fields: Fields, place: (key?: string) => string): PluginEntry {
  const given = sources.filter((key) => fields[key] !== undefined);
  const [source] = given;
  if (source === undefined || given.length > 1) {
    throw new CliError(`${place()}: expected one of "local", "remote" and "protoc_builtin"`, 2);
  }
  const command = readCommand(fields[source], place(source));
  const { out, strategy } = fields;
  if (typeof out !== "string" || out === "")
    throw new CliError(`${place("out")}: expected "out", the folder of the files`, 2);
  if (strategy !== undefined && strategy !== "all" && strategy !== "directory") {
    throw new CliError(`${place("strategy")}: expected strategy: all or directory`, 2);
  }
  const includeWkt = readFlag(fields, "include_wkt", place);
  const includeImports = readFlag(fields, "include_imports", place);
  if (includeWkt && !includeImports) {
    throw new CliError(`${place("include_wkt")}: include_wkt needs include_imports: true`, 2);
  }
  const other = Object.keys(fields).find((key) => !settings.includes(key));
  return {
    name: (source === "local" ? command[0] : command.join(" ")) ?? "",
    command: source === "local" ? command : undefined,
    out,
    parameter: readList(fields["opt"], place("opt")).join(","),
    strategy: strategy ?? "directory",
    includeImports,
    includeWkt,
    place: place(),
    onlyBuf: whyPlugin(source, out, includeWkt, other),
    raw: fields,
  };
}

function whyPlugin(source: string, out: string, includeWkt: boolean, other: string | undefined): string | undefined {
  if (source === "remote") return "a remote plugin";
  if (source === "protoc_builtin") return "a plugin of protoc";
  if (/\.(?:zip|jar)$/.test(out)) return "its output is an archive";
  // Their descriptors have options that only the source retains.
  if (includeWkt) return "it sets include_wkt";
  return other === undefined ? undefined : `it sets "${other}"`;
}

function readCommand(value: unknown, place: string): readonly string[] {
  const command = readList(value, place);
  if (command.length === 0 || command.some((word) => word === "")) throw new CliError(`${place}: expected a plugin`, 2);
  return command;
}

function readFlag(fields: Fields, key: string, place: (key?: string) => string): boolean {
  const value = fields[key] ?? false;
  if (typeof value !== "boolean") throw new CliError(`${place(key)}: expected ${key}: true or false`, 2);
  return value;
}

function readList(value: unknown, place: string): readonly string[] {
  const list = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  if (list.some((element) => typeof element !== "string"))
    throw new CliError(`${place}: expected text or a list of texts`, 2);
  return list as readonly string[];
}

/** The inputs that `buf build` compiles alike, or why only buf can read them. */
function readInputs(value: unknown): readonly CompileInput[] | string {
  if (value === undefined || value === null) return [{ source: ".", paths: [], excludePaths: [] }];
  if (!Array.isArray(value)) return "its inputs are no list";
  const inputs: CompileInput[] = [];
  for (const input of value as readonly Fields[]) {
    const { directory, module, paths = [], exclude_paths: excludePaths = [], ...others } = input ?? {};
    const [other] = Object.keys(others);
    const source = directory ?? module;
    if (other !== undefined) return `an input sets "${other}"`;
    if (typeof source !== "string") return "an input names no folder";
    // On its command line, buf takes such a name for a file, or for a reference with options.
    if (directory !== undefined && /#|\w\.[a-z]{2,6}$/.test(source)) return "the name of an input looks like a file";
    if (![paths, excludePaths].every((list) => Array.isArray(list) && list.every((one) => typeof one === "string"))) {
      return "the paths of an input are no list";
    }
    inputs.push({ source, paths: paths as readonly string[], excludePaths: excludePaths as readonly string[] });
  }
  return inputs;
}
