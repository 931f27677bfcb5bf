import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { HttpBindingModel } from "../../../model/index.js";

/** A part of a path that callers fill in. */
export interface PathParameter {
  /** As it stands in the path; unique in it. */
  readonly name: string;
  /** The field that it is, or is a part of, as proto names; undefined: a wildcard that binds nothing. */
  readonly field: readonly string[] | undefined;
  /** Whether it is the whole of the field. */
  readonly whole: boolean;
  /** Whether it may hold slashes. */
  readonly several: boolean;
  /** The template of the variable that it is a part of: `shelves/*`. */
  readonly template: string;
}

/** The path of a binding as documents write it: literals as they are, and each wildcard a parameter. */
export interface DocumentPath {
  readonly path: string;
  /** The path without the names of its parameters: two of one shape are the same path. */
  readonly shape: string;
  readonly parameters: readonly PathParameter[];
}

/**
 * A template of google.api.http as OpenAPI has it. The wildcards of a variable of several segments are named by the
 * collection before them: `{name=shelves/*}` becomes `shelves/{shelf}`.
 */
export function toDocumentPath(request: DescMessage, { segments, verb }: HttpBindingModel): DocumentPath {
  const parameters: PathParameter[] = [];
  const parts: string[] = [];
  const take = (wanted: string, parameter: Omit<PathParameter, "name">): void => {
    let name = wanted;
    for (let n = 2; parameters.some((one) => one.name === name); n++) name = `${wanted}${n}`;
    parameters.push({ name, ...parameter });
    parts.push(`{${name}}`);
  };
  for (const segment of segments) {
    const elements = typeof segment === "string" ? [segment] : segment.segments;
    const field = typeof segment === "string" ? undefined : segment.field.split(".");
    const template = elements.join("/");
    for (const element of elements) {
      if (element !== "*" && element !== "**") {
        parts.push(element);
        continue;
      }
      const whole = field !== undefined && elements.length === 1;
      const wanted = whole ? toName(request, field) : singular(parts.at(-1) ?? "");
      take(wanted, { field, whole, several: element === "**", template });
    }
  }
  const path = `/${parts.join("/")}${verb === undefined ? "" : `:${verb}`}`;
  return { path, shape: path.replace(/\{[^}]*\}/g, "{}"), parameters };
}

/** The same path with the names that another one of its shape has. */
export function withNames(path: DocumentPath, other: DocumentPath): DocumentPath {
  const parameters = path.parameters.map((parameter, at) => ({
    ...parameter,
    name: other.parameters[at]?.name ?? parameter.name,
  }));
  return { ...path, path: other.path, parameters };
}

/** `book.isbn` → `bookIsbn`: with a dot in its name, some tools write clients that do not compile or do not find the parameter. */
function toName(request: DescMessage, path: readonly string[]): string {
  let message: DescMessage | undefined = request;
  const names = path.map((name) => {
    const field: DescField | undefined = message?.fields.find((one) => one.name === name);
    message = field?.message;
    return field?.jsonName ?? name;
  });
  return names.reduce((name, next) => name + next.charAt(0).toUpperCase() + next.slice(1));
}

/** `shelves` → `shelf`, `categories` → `category`, `books` → `book`. What is no plural stays. */
function singular(collection: string): string {
  if (collection === "" || collection.startsWith("{")) return "id";
  const word = collection.replace(/[^A-Za-z0-9_]/g, "_");
  if (/ves$/.test(word)) return word.replace(/ves$/, "f");
  if (/ies$/.test(word)) return word.replace(/ies$/, "y");
  if (/(ss|us|is)$/.test(word)) return word;
  return word.replace(/(?<=(ch|sh|x|ss))es$|s$/, "");
}
