import { suggest } from "../diagnostics/index.js";
import { defaultsOf, OptionError, type OptionSpec, type OptionSpecs, type OptionValues } from "../targets/index.js";

/** Gives what a file holds; throws if it cannot be read. */
export type ReadFile = (path: string) => string;

/** Reads the parameter of a plugin: `name=value` pairs with commas between them. */
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
    if (spec === undefined) throw new OptionError(`there is no option "${name}"${options(name, Object.keys(specs))}`);
    if (seen.has(name)) throw new OptionError(`the option "${name}" is given twice`);
    seen.add(name);
    values[name] = readValue(name, value, spec, readFile);
  }
  return values as OptionValues<Specs>;
}

function readValue(name: string, value: string, spec: OptionSpec, readFile: ReadFile): string {
  if ("file" in spec) return readNamed(name, value, readFile);
  return "names" in spec ? value : checkChoice(name, value, spec.values);
}

function checkChoice(name: string, value: string, values: readonly string[]): string {
  if (values.includes(value)) return value;
  throw new OptionError(`"${value}" is no value of "${name}"${options(value, values)}`);
}

function readNamed(name: string, path: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError(`the file that "${name}" names cannot be read: ${reason}`, { cause });
  }
}

/** Takes the option `targets` out of a parameter: names with `+` between them. Without it, all are chosen. */
export function readChoice(
  parameter: string,
  names: readonly string[],
): { readonly chosen: readonly string[]; readonly rest: string } {
  const pairs = parameter.split(",").map((pair) => pair.trim());
  const given = pairs.filter((pair) => pair.startsWith("targets="));
  if (given.length > 1) throw new OptionError('the option "targets" is given twice');
  const rest = pairs.filter((pair) => !pair.startsWith("targets=")).join(",");
  const [only] = given;
  if (only === undefined) return { chosen: names, rest };
  const chosen = only.slice("targets=".length).split("+");
  for (const name of chosen) {
    if (!names.includes(name)) throw new OptionError(`"${name}" is no target${options(name, names)}`);
  }
  return { chosen, rest };
}

function options(name: string, candidates: readonly string[]): string {
  const suggestion = suggest(name, candidates);
  const meant = suggestion === "" ? "" : `; did you mean "${suggestion}"?`;
  return `: expected ${candidates.map((candidate) => `"${candidate}"`).join(" or ")}${meant}`;
}
