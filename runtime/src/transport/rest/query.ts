import type { DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { bindField, type FieldBinding, setField } from "./field-binding.js";
import { ParameterError } from "./parameter-error.js";

/** Reads the parameters of query strings into the ProtoJSON of a request. */
export class QueryReader {
  private readonly schema: DescMessage;
  /** Fields that come from elsewhere, as proto paths. `undefined`: all of them. */
  private readonly taken: readonly string[] | undefined;
  private readonly ignoreUnknown: boolean;
  /** Only what was found, so that callers cannot make it grow without bound. */
  private readonly known: Map<string, FieldBinding> = new Map();

  constructor(schema: DescMessage, taken: readonly string[] | undefined, ignoreUnknown: boolean) {
    this.schema = schema;
    this.taken = taken;
    this.ignoreUnknown = ignoreUnknown;
  }

  read(query: string, json: JsonObject): void {
    const lists = new Map<FieldBinding, JsonValue[]>();
    const seen = new Set<unknown>();
    for (const pair of query.split("&")) {
      if (pair === "") continue;
      const equals = pair.indexOf("=");
      const name = decode(equals < 0 ? pair : pair.slice(0, equals), "");
      const binding = this.known.get(name) ?? this.bind(name);
      if (binding === undefined) {
        if (this.ignoreUnknown) continue;
        throw new ParameterError("query", name, "http.unknown_parameter", "is not a parameter of this path");
      }
      const value = binding.read(equals < 0 ? "" : decode(pair.slice(equals + 1), name));
      if (binding.repeated) {
        const list = lists.get(binding) ?? [];
        lists.set(binding, list);
        list.push(value);
      } else {
        const field = binding.fields.map((one) => one.name).join(".");
        if (seen.has(field)) throw new ParameterError("query", name, "http.repeated_parameter", "must be given once");
        seen.add(field);
        setField(json, binding, value);
      }
    }
    for (const [binding, list] of lists) setField(json, binding, list);
  }

  private bind(name: string): FieldBinding | undefined {
    if (this.taken === undefined) return undefined;
    const binding = bindField(this.schema, name);
    if (binding === undefined) return undefined;
    const path = binding.fields.map((field) => field.name).join(".");
    if (this.taken.some((one) => path === one || path.startsWith(`${one}.`))) return undefined;
    // Both spellings of a list must fill one list.
    const known = this.known.get(path) ?? binding;
    this.known.set(path, known).set(name, known);
    return known;
  }
}

function decode(text: string, name: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ParameterError("query", name, "http.encoding", "must be percent-encoded UTF-8");
  }
}
