import { load } from "js-yaml";
import { OptionError } from "../targets/index.js";

/**
 * Parses a base document in YAML or JSON, in which users write what the contract does not contain. An empty text is
 * an empty document.
 */
export function readBase(text: string, what = "base document"): object {
  if (text.trim() === "") return {};
  let document: unknown;
  try {
    document = load(text);
  } catch (cause) {
    throw new OptionError(`the ${what} is neither valid YAML nor JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof document === "object" && document !== null && !Array.isArray(document)) return document;
  throw new OptionError(`the ${what} is not an object: expected an object with parts of a document`);
}

/** Merges two objects at every depth. The second wins. */
export function mergeDeep(base: object, own: object): { [name: string]: never } {
  if (Object.keys(base).length === 0) return own as { [name: string]: never };
  if (Object.keys(own).length === 0) return base as { [name: string]: never };
  const names = new Set([...Object.keys(base), ...Object.keys(own)]);
  const [left, right] = [base, own] as { readonly [name: string]: unknown }[];
  return Object.fromEntries(
    [...names].map((name) => {
      const [a, b] = [left?.[name], right?.[name]];
      return [name, isObject(a) && isObject(b) ? mergeDeep(a, b) : (b ?? a)];
    }),
  ) as { [name: string]: never };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
