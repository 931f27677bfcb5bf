import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { HttpBindingModel } from "../../../model/index.js";

/** A variable part of a path. */
export interface PathParameter {
  /** The name in the path, unique in it. */
  readonly name: string;
  /** The path of the bound field, in proto names; undefined for a wildcard without a variable. */
  readonly field: readonly string[] | undefined;
  /** Whether it is the whole value of the field. */
  readonly whole: boolean;
  /** Whether it may contain slashes. */
  readonly several: boolean;
  /** The template of the variable it belongs to: `shelves/*`. */
  readonly template: string;
}

/** The path of a binding in a document: literals, and a parameter for each wildcard. */
export interface DocumentPath {
  readonly path: string;
  /** The path without parameter names. Two paths of one shape are the same path. */
  readonly shape: string;
  readonly parameters: readonly PathParameter[];
}

/**
 * Translates a google.api.http template. Wildcards of a variable with several segments are named after the collection
 * before them: `{name=shelves/*}` becomes `shelves/{shelf}`.
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

/** The same path with the parameter names of another path of its shape. */
export function withNames(path: DocumentPath, other: DocumentPath): DocumentPath {
  const parameters = path.parameters.map((parameter, at) => ({
    ...parameter,
    name: other.parameters[at]?.name ?? parameter.name,
  }));
  return { ...path, path: other.path, parameters };
}

/** `book.isbn` → `bookIsbn`. Some tools generate broken clients for names with dots. */
function toName(request: DescMessage, path: readonly string[]): string {
  let message: DescMessage | undefined = request;
  const names = path.map((name) => {
    const field: DescField | undefined = message?.fields.find((one) => one.name === name);
    message = field?.message;
    return field?.jsonName ?? name;
  });
  return names.reduce((name, next) => name + next.charAt(0).toUpperCase() + next.slice(1));
}

/** `shelves` → `shelf`, `categories` → `category`, `books` → `book`. Other words stay. */
function singular(collection: string): string {
  if (collection === "" || collection.startsWith("{")) return "id";
  const word = collection.replace(/[^A-Za-z0-9_]/g, "_");
  if (/ves$/.test(word)) return word.replace(/ves$/, "f");
  if (/ies$/.test(word)) return word.replace(/ies$/, "y");
  if (/(ss|us|is)$/.test(word)) return word;
  return word.replace(/(?<=(ch|sh|x|ss))es$|s$/, "");
}
