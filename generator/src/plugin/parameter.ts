import { suggest } from "../diagnostics/index.js";
import type { OptionSpecs, OptionValues } from "../targets/index.js";

/** An option of a plugin that cannot be understood. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** Reads the parameter of a plugin: `name=value` pairs with commas between them. */
export function readParameter<Specs extends OptionSpecs>(parameter: string, specs: Specs): OptionValues<Specs> {
  const values = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default]));
  const seen = new Set<string>();
  for (const pair of parameter.split(",")) {
    if (pair.trim() === "") continue;
    const [name = "", ...rest] = pair.trim().split("=");
    const value = rest.join("=");
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) throw new OptionError(`there is no option "${name}"${options(name, Object.keys(specs))}`);
    if (seen.has(name)) throw new OptionError(`the option "${name}" is given twice`);
    if (!spec.values.includes(value)) throw new OptionError(`"${value}" is no value of "${name}"${options(value, spec.values)}`);
    seen.add(name);
    values[name] = value;
  }
  return values as OptionValues<Specs>;
}

function options(name: string, candidates: readonly string[]): string {
  const suggestion = suggest(name, candidates);
  const meant = suggestion === "" ? "" : `; did you mean "${suggestion}"?`;
  return `: expected ${candidates.map((candidate) => `"${candidate}"`).join(" or ")}${meant}`;
}
