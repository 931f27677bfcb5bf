import { suggest } from "../diagnostics/index.js";
import {
  defaultsOf,
  type FileSpec,
  OptionError,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
} from "../targets/index.js";

/** Returns the text of a file; throws if it cannot be read. */
export type ReadFile = (path: string) => string;

/** Parses the parameter of a plugin: comma-separated `name=value` pairs. Throws an OptionError for unknown names and values. */
export function readParameter<Specs extends OptionSpecs>(
  parameter: string,
  specs: Specs,
  readFile: ReadFile,
): OptionValues<Specs> {
  const values: { [name: string]: string } = defaultsOf(specs);
  const seen = new Set<string>();
  for (const pair of parameter.split(",")) {
    if (pair.trim() === "") continue;
    const [name = "", ...rest] = pair.trim().split("=");
    const value = rest.join("=");
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) throw new OptionError(`unknown option "${name}"${options(name, Object.keys(specs))}`);
    if (seen.has(name)) throw new OptionError(`option "${name}" is set more than once`);
    seen.add(name);
    values[name] = readValue(name, value, spec, readFile);
  }
  return values as OptionValues<Specs>;
}

function readValue(name: string, value: string, spec: OptionSpec, readFile: ReadFile): string {
  if ("file" in spec) return readNamed(name, value, spec, readFile);
  if ("anyOf" in spec) return readCombination(name, value, spec.anyOf);
  return "names" in spec ? value : checkChoice(name, value, spec.values);
}

/** Returns the values in the order of the option, each once: other orders mean the same. */
function readCombination(name: string, value: string, anyOf: readonly string[]): string {
  const given = value.split("+");
  const wrong = given.find((one) => !anyOf.includes(one));
  if (wrong === undefined) return anyOf.filter((one) => given.includes(one)).join("+");
  throw new OptionError(`invalid value "${wrong}" of option "${name}"${options(wrong, anyOf, ', joined by "+"')}`);
}

function checkChoice(name: string, value: string, values: readonly string[]): string {
  if (values.includes(value)) return value;
  throw new OptionError(`invalid value "${value}" of option "${name}"${options(value, values)}`);
}

function readNamed(name: string, path: string, { writtenBy }: FileSpec, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const reason = missing ? "it does not exist" : cause instanceof Error ? cause.message : String(cause);
    const command = missing && writtenBy !== undefined ? `; \`${writtenBy}\` writes it` : "";
    throw new OptionError(`cannot read "${path}", the file of option "${name}": ${reason}${command}`, { cause });
  }
}

/** Extracts the option `targets` from a parameter: names joined by `+`. Default: all targets. */
export function readTargetChoice(
  parameter: string,
  names: readonly string[],
): { readonly chosen: readonly string[]; readonly rest: string } {
  const pairs = parameter.split(",").map((pair) => pair.trim());
  const given = pairs.filter((pair) => pair.startsWith("targets="));
  if (given.length > 1) throw new OptionError('option "targets" is set more than once');
  const rest = pairs.filter((pair) => !pair.startsWith("targets=")).join(",");
  const [only] = given;
  if (only === undefined) return { chosen: names, rest };
  const chosen = only.slice("targets=".length).split("+");
  for (const name of chosen) {
    if (!names.includes(name)) throw new OptionError(`unknown target "${name}"${options(name, names)}`);
  }
  return { chosen, rest };
}

function options(name: string, candidates: readonly string[], more = ""): string {
  const suggestion = suggest(name, candidates);
  const meant = suggestion === "" ? "" : `; did you mean "${suggestion}"?`;
  return `: expected ${candidates.map((candidate) => `"${candidate}"`).join(" or ")}${more}${meant}`;
}
