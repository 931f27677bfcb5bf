/** Chooses at random: `choose(a, b)` one of them. A property test supplies it, so that a failure can be repeated. */
export interface Random {
  chance(percent: number): boolean;
  pick<T>(values: readonly T[]): T;
  subset<T>(values: readonly T[]): readonly T[];
}

/** A key, and its value: an object, or undefined for a function. */
export type Entry = readonly [string, readonly Entry[] | undefined];

/** Writes TypeScript in one style, with odd comments, spreads and constants. */
export class Writer {
  private readonly random: Random;
  private readonly eol: string;
  private readonly unit: string;
  private readonly semicolon: string;
  private readonly quote: string;
  private readonly receiver: string;
  private readonly above: string[] = [];
  private readonly shared: string[] = [];
  /** Where constants of what is being written go: into its own file. */
  private into = this.above;
  private count = 0;

  /** Whether everything compiles. */
  private readonly typed: boolean;

  constructor(random: Random, typed: boolean) {
    this.typed = typed;
    this.random = random;
    this.eol = random.pick(["\n", "\n", "\r\n"]);
    this.unit = random.pick(["  ", "    ", "\t", "   "]);
    this.semicolon = random.pick([";", ";", ""]);
    this.quote = random.pick(['"', "'"]);
    this.receiver = random.pick(["named", "named", "alias", "namespace", "re-export"]);
  }

  declaration(name: string, method: string, entries: readonly Entry[]): string {
    const { random } = this;
    const receiver = { named: name, "re-export": name, alias: `${name}_`, namespace: `gen${name}.${name}` }[
      this.receiver
    ];
    const call = (inner: string): string => `${receiver}.${method}(${inner})`;
    if (random.chance(80)) {
      const value = this.value(entries, random.chance(20) ? 2 : 0);
      return `export const ${this.name("part")} = ${call(value)}${this.semicolon}`;
    }
    // Behaviour that a function returns.
    const create = this.name("create");
    return this.lines(
      `export function ${create}() {`,
      `${this.unit}const local = ${call(this.value(entries, 1))}${this.semicolon}`,
      `${this.unit}return local${this.semicolon}`,
      "}",
      `${create}()${this.semicolon}`,
    );
  }

  files(declarations: readonly string[]): ReadonlyMap<string, string> {
    const { random, eol, semicolon } = this;
    const from = (path: string): string => `from ${this.quote}${path}${this.quote}${semicolon}`;
    const module = (name: string): string => `../gen/shop/orders/v1/orders_${name === "Checkout" ? "saga" : "cqrs"}.js`;
    const all = ["Order", "OrderView", "OrderService", "Checkout"];
    const body = [...this.above, ...declarations].join(eol);
    const isUsed = (name: string): boolean => !this.typed || new RegExp(`\\b(?:gen)?${name}_?\\b`).test(body);
    const imports = all.filter(isUsed).map((name) => {
      if (this.receiver === "alias") return `import { ${name} as ${name}_ } ${from(module(name))}`;
      if (this.receiver === "namespace") return `import * as gen${name} ${from(module(name))}`;
      return `import { ${name} } ${from(this.receiver === "named" ? module(name) : "./contract.js")}`;
    });
    const exported = this.shared.flatMap((one) => /export const (\w+)/.exec(one)?.[1] ?? []).filter(isUsed);
    const shared = exported.length > 0 ? [`import { ${exported.join(", ")} } ${from("./shared.js")}`] : [];
    const make = this.typed ? [] : [`function make(): object { return { made: () => 1 }${semicolon} }`];
    const header = random.chance(30) ? ["// A comment at the top.", ""] : [];
    const text = [...header, ...imports, ...shared, ...make, "", body].join(eol);
    const files = new Map([["src/order.ts", random.chance(90) ? text + eol : text]]);
    if (this.shared.length > 0) files.set("src/shared.ts", [...make, ...this.shared, ""].join(eol));
    if (this.receiver === "re-export") {
      const cqrs = `export * ${from(module("Order"))}`;
      const saga = random.pick([
        `export { Checkout } ${from(module("Checkout"))}`,
        `export * ${from(module("Checkout"))}`,
      ]);
      files.set("src/contract.ts", [cqrs, saga, ""].join(eol));
    }
    return files;
  }

  /** An expression with the entries: a literal, or something that stands for one. */
  private value(entries: readonly Entry[], level: number): string {
    const { random } = this;
    const kinds = [
      "plain",
      "plain",
      "plain",
      "plain",
      "plain",
      "satisfies",
      "as",
      "parens",
      "const",
      "shared",
      "opaque",
    ];
    const kind = random.pick(kinds);
    if (kind === "const") return this.constant(entries, this.into, this.into === this.shared ? "export " : "");
    if (kind === "shared") return this.constant(entries, this.shared, "export ");
    const literal = this.literal(entries, level);
    switch (kind) {
      case "satisfies":
        return `${literal} satisfies object`;
      case "as":
        return `(${literal} as const)`;
      case "parens":
        return `(/* odd */ ${literal} )`;
      case "opaque":
        return random.chance(50) && !this.typed ? `Object.freeze(${literal})` : literal;
      default:
        return literal;
    }
  }

  private constant(entries: readonly Entry[], into: string[], prefix: string): string {
    const name = this.name("slot");
    const outer = this.into;
    this.into = into;
    const literal = this.literal(entries, 0);
    this.into = outer;
    into.push(
      `${prefix}const ${name} = ${literal}${this.random.chance(20) ? " satisfies object" : ""}${this.semicolon || ";"}`,
    );
    return name;
  }

  private literal(entries: readonly Entry[], level: number): string {
    const { random, eol, unit } = this;
    const isFlat = entries.every(([, inner]) => inner === undefined || inner.length === 0);
    if (entries.length === 0) return this.empty(level);
    if (isFlat && random.chance(25)) return this.oneLine(entries, level);
    const indent = unit.repeat(level + 1);
    const lines: string[] = [];
    const opening = random.chance(15) ? " // opens" : "";
    const comesFirst = random.chance(5);
    const hasTrailing = !comesFirst && random.chance(70);
    let from = 0;
    if (random.chance(20) && entries.length > 1) {
      const spread = entries.slice(0, 1);
      lines.push(`${indent}...${this.spread(spread)},`);
      from = 1;
    } else if (random.chance(5) && !this.typed) lines.push(`${indent}...make(),`);
    for (const [at, entry] of entries.slice(from).entries()) {
      const isLast = at === entries.length - from - 1;
      if (random.chance(15))
        lines.push(
          random.pick([
            "",
            `${indent}// about it`,
            `${indent}/* block */`,
            `${indent}/**${eol}${indent} * doc, } {${eol}${indent} */`,
          ]),
        );
      const comma = comesFirst || (isLast && !hasTrailing) ? "" : ",";
      const lead = comesFirst && at > 0 ? ", " : "";
      const before = random.chance(8) ? "/* here */ " : "";
      const middle = random.chance(8) ? " /* before the comma */ " : "";
      const after = random.chance(20) ? random.pick([" // trailing, with } and ,", " /* trailing */", "  "]) : "";
      lines.push(`${indent}${lead}${before}${this.property(entry, level + 1)}${middle}${comma}${after}`);
    }
    const end = random.pick([
      "",
      "",
      "",
      "",
      `${indent}// a comment line after the last comma`,
      `${indent}/* the end */`,
      "",
    ]);
    if (end !== "") lines.push(end);
    const body = lines.join(eol);
    const endsInLineComment = /\/\/[^\r\n]*$/.test(body);
    const close =
      !endsInLineComment && random.chance(10)
        ? random.pick([" }", "}"])
        : `${eol}${unit.repeat(level)}${random.chance(5) ? " " : ""}}`;
    return `{${opening}${eol}${body}${close}`;
  }

  private empty(level: number): string {
    const { eol, unit, random } = this;
    const outer = unit.repeat(level);
    return random.pick([
      "{}",
      "{}",
      "{ }",
      "{ /* nothing */ }",
      `{${eol}${outer}}`,
      `{${eol}${outer}${unit}// nothing${eol}${outer}}`,
      `{ // nothing${eol}}`,
    ]);
  }

  private oneLine(entries: readonly Entry[], level: number): string {
    const { random } = this;
    const spread = random.chance(10) ? [`...${this.spread([])}`] : [];
    const body = [...spread, ...entries.map((entry) => this.property(entry, level, true))].join(
      random.pick([", ", ","]),
    );
    const end = random.pick([" ", "", ", ", " /* end */ ", ", /* end */ ", ",/* end */"]);
    return `{${random.pick([" ", "", " /* begin */ "])}${body}${end}}`;
  }

  private spread(entries: readonly Entry[]): string {
    const name = this.name("base");
    const literal = `{ ${entries.map((entry) => this.property(entry, 0, true)).join(", ")} }`;
    this.into.push(`const ${name} = ${literal}${this.semicolon || ";"}`);
    return name;
  }

  private property([key, inner]: Entry, level: number, isFlat = false): string {
    const { random, quote } = this;
    const name = random.chance(12) ? random.pick([`${quote}${key}${quote}`, `[${quote}${key}${quote}]`]) : key;
    if (inner !== undefined) return `${name}: ${inner.length === 0 || isFlat ? "{}" : this.value(inner, level)}`;
    this.count += 1;
    const text = `${quote}u${this.count}${quote}`;
    if (this.typed)
      return `${name}: () => ${key === "initial" ? "({ exists: false })" : `{ throw new Error(${text}) }`}`;
    const indent = this.unit.repeat(level);
    const block = `{${this.eol}${indent}${this.unit}return ${text}${this.semicolon}${this.eol}${indent}}`;
    const short = [`${name}: () => ${text}`, `${name}: function () { return ${text} }`, `${name}() { return ${text} }`];
    return random.pick(
      isFlat
        ? short
        : [...short, `${name}: () => ${block}`, `${name}: (_a: unknown, { b }: { b?: 1 } = {}) => (b, ${text})`],
    );
  }

  private name(stem: string): string {
    this.count += 1;
    return `${stem}${this.count}`;
  }

  private lines(...lines: readonly string[]): string {
    return lines.join(this.eol);
  }
}
