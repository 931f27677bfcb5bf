import { parseArgs } from "node:util";
import { suggestion } from "./suggestion.js";
import { UsageError } from "./usage-error.js";

/** An option that a command takes. */
export interface OptionSpec {
  /** Name of its value in the help. Absent: the option is a flag. */
  readonly value?: string;
  /** Whether it may be given more than once. Default: no. */
  readonly many?: boolean;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The parsed arguments of a command. */
export class Options {
  /** The arguments that are not options, in order. */
  readonly operands: readonly string[];
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(operands: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.operands = operands;
    this.values = values;
  }

  /** Returns whether an option was given. */
  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Returns the last value of an option. */
  text(name: string): string | undefined {
    return this.values.get(name)?.at(-1);
  }

  /** Returns all values of an option. One value may be a comma-separated list. */
  list(name: string): readonly string[] {
    return (this.values.get(name) ?? []).flatMap((value) => value.split(",")).filter((value) => value !== "");
  }

  /** Returns a whole number of at least `least`; throws a UsageError for any other value. */
  count(name: string, least: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new UsageError(`--${name} must be a whole number of at least ${least}, not ${JSON.stringify(text)}`);
  }
}

/** Parses the arguments of a command. Throws a UsageError for unknown options and for missing or unexpected values. */
export function readOptions(args: readonly string[], specs: OptionSpecs): Options {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const spec = specs[token.name];
    if (spec === undefined) {
      const near = suggestion(`--${token.name}`, Object.keys(specs).map((name) => `--${name}`)); // biome-ignore format: one call
      throw new UsageError(`unknown option ${token.rawName}${near}`);
    }
    if (spec.value === undefined && token.value !== undefined) throw new UsageError(`--${token.name} takes no value`);
    // "--since --until x": the value of --since is missing.
    if (spec.value !== undefined && (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))))
      throw new UsageError(`--${token.name} requires a value: --${token.name} <${spec.value}>`);
    const known = values.get(token.name);
    if (known !== undefined && spec.many !== true) throw new UsageError(`--${token.name} is given more than once`);
    values.set(token.name, [...(known ?? []), token.value ?? ""]);
  }
  return new Options(operands, values);
}
