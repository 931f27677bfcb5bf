import { parseArgs } from "node:util";
import { suggestion } from "./suggestion.js";
import { UsageError } from "./usage-error.js";

/** An option of a command. */
export interface OptionSpec {
  /** What its value is called in the help. Absent: it is on or off. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly many?: boolean;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What was typed behind the name of a command. */
export class Options {
  /** What is no option, in order. */
  readonly operands: readonly string[];
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(operands: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.operands = operands;
    this.values = values;
  }

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.values.has(name);
  }

  text(name: string): string | undefined {
    return this.values.get(name)?.at(-1);
  }

  /** All values of an option; several may be given in one, parted by commas. */
  list(name: string): readonly string[] {
    return (this.values.get(name) ?? []).flatMap((value) => value.split(",")).filter((value) => value !== "");
  }

  /** A whole number of at least `least`. */
  count(name: string, least: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new UsageError(`--${name} must be a whole number from ${least}, not ${JSON.stringify(text)}`);
  }
}

/** Reads what was typed behind the name of a command, strictly. */
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
      throw new UsageError(`there is no option ${token.rawName}${near}`);
    }
    if (spec.value === undefined && token.value !== undefined) throw new UsageError(`--${token.name} takes no value`);
    // "--since --until x": the value was forgotten.
    if (spec.value !== undefined && (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))))
      throw new UsageError(`--${token.name} needs a value: --${token.name} <${spec.value}>`);
    const known = values.get(token.name);
    if (known !== undefined && spec.many !== true) throw new UsageError(`--${token.name} is given more than once`);
    values.set(token.name, [...(known ?? []), token.value ?? ""]);
  }
  return new Options(operands, values);
}
