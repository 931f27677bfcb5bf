import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { FieldStep } from "../../../http/index.js";
import { bindField, bindMap, type FieldBinding, setEntry, setField } from "./field-binding.js";
import { ParameterError } from "./parameter-error.js";

/** Reads the parameters of a query string into the ProtoJSON of a request. */
export class QueryReader {
  private readonly schema: DescMessage;
  /** Fields that path and body set, as proto paths. `undefined`: all fields. */
  private readonly taken: readonly string[] | undefined;
  private readonly ignoreUnknown: boolean;
  /** A bounded cache of bindings: recursive messages have infinitely many parameter names. */
  private readonly known: Map<string, FieldBinding> = new Map();
  private readonly maps: Map<string, FieldBinding> = new Map();

  constructor(schema: DescMessage, taken: readonly string[] | undefined, ignoreUnknown: boolean) {
    this.schema = schema;
    this.taken = taken;
    this.ignoreUnknown = ignoreUnknown;
  }

  read(query: string, json: JsonObject): void {
    const lists = new Map<string, { readonly binding: FieldBinding; readonly values: JsonValue[] }>();
    const seen = new Set<string>();
    for (const pair of query.split("&")) {
      if (pair === "") continue;
      const equals = pair.indexOf("=");
      const name = decode(equals < 0 ? pair : pair.slice(0, equals), "");
      const binding = this.known.get(name) ?? this.bind(name);
      if (binding === undefined) {
        if (name.endsWith("]") && this.readEntry(name, equals < 0 ? "" : pair.slice(equals + 1), json)) continue;
        if (this.ignoreUnknown) continue;
        throw new ParameterError("query", name, "http.unknown_parameter", "is not a parameter of this path");
      }
      const value = binding.read(equals < 0 ? "" : decode(pair.slice(equals + 1), name));
      if (binding.repeated) {
        const list = lists.get(binding.path);
        if (list === undefined) lists.set(binding.path, { binding, values: [value] });
        else list.values.push(value);
      } else {
        if (seen.has(binding.path)) throw repeated(name);
        seen.add(binding.path);
        setField(json, binding, value);
      }
    }
    for (const { binding, values } of lists.values()) setField(json, binding, values);
  }

  /** Reads `labels[key]=value`. Returns false if there is no such map. */
  private readEntry(name: string, text: string, json: JsonObject): boolean {
    const bracket = name.indexOf("[");
    const map = name.slice(0, Math.max(bracket, 0));
    const binding = this.maps.get(map) ?? this.bindMap(map);
    if (binding === undefined) return false;
    if (setEntry(json, binding, name.slice(bracket + 1, -1), binding.read(decode(text, name)))) return true;
    throw repeated(name);
  }

  private bindMap(name: string): FieldBinding | undefined {
    const binding = bindMap(this.schema, name);
    if (binding === undefined || this.isTaken(binding.path)) return undefined;
    if (this.maps.size < cacheSize) this.maps.set(name, binding);
    return binding;
  }

  private isTaken(path: string): boolean {
    return this.taken === undefined || this.taken.some((one) => path === one || path.startsWith(`${one}.`));
  }

  private bind(name: string): FieldBinding | undefined {
    const binding = bindField(this.schema, name);
    if (binding === undefined || this.isTaken(binding.path)) return undefined;
    if (this.known.size < cacheSize) this.known.set(name, binding);
    return binding;
  }
}

const cacheSize = 1000;

function repeated(name: string): ParameterError {
  return new ParameterError("query", name, "http.repeated_parameter", "must be given once");
}

/** Returns the parameter of a field: `filter.state`, `labels[key]`. All items of a list have the name of the list. */
export function toParameterName(schema: DescMessage, steps: readonly FieldStep[]): string {
  let message: DescMessage | undefined = schema;
  let field: DescField | undefined;
  let name = "";
  for (const step of steps) {
    if (step.kind === "field") {
      field = message?.fields.find((one) => one.name === step.name);
      message = field?.message;
      name += `${name === "" ? "" : "."}${field?.jsonName ?? step.name}`;
    } else if (field?.fieldKind === "map") {
      name += `[${step.name}]`;
    }
  }
  return name;
}

function decode(text: string, name: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ParameterError("query", name, "http.encoding", "must be percent-encoded UTF-8");
  }
}
