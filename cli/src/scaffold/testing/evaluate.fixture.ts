import { posix } from "node:path";
import { transform } from "esbuild";

/** A behaviour that a module has declared when it was run. */
export interface Declared {
  /** `Order.decider`. */
  readonly call: string;
  /** The argument. */
  readonly behaviour: Readonly<Record<string, unknown>>;
}

/** Runs users' files with definitions that record what is declared. Throws if a file does not parse. */
export async function evaluate(texts: ReadonlyMap<string, string>): Promise<readonly Declared[]> {
  const declared: Declared[] = [];
  const compiled = new Map<string, string>();
  for (const [path, text] of texts) {
    // Not the parser of the scaffold: a second opinion on whether the text parses.
    const { code } = await transform(text, { loader: "ts", format: "cjs", sourcefile: path, logLevel: "silent" });
    compiled.set(path, code);
  }
  const loaded = new Map<string, object>();
  /** The definitions that contracts of tests have. */
  const definitions = Object.fromEntries(
    ["Order", "OrderView", "OrderService", "Checkout"].map((name) => [
      name,
      Object.fromEntries(
        ["decider", "projection", "queries", "commands", "saga"].map((method) => [
          method,
          (behaviour: Declared["behaviour"]) => record(`${name}.${method}`, behaviour),
        ]),
      ),
    ]),
  );
  for (const path of texts.keys()) load(path);
  return declared;

  function load(path: string): object {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const module = { exports: {} };
    loaded.set(path, module.exports);
    const require = (specifier: string): object => {
      const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, "");
      return target.startsWith("gen/") ? definitions : load(`${target}.ts`);
    };
    new Function("module", "require", compiled.get(path) ?? "")(module, require);
    loaded.set(path, module.exports);
    return module.exports;
  }

  function record(call: string, behaviour: Declared["behaviour"]): object {
    declared.push({ call, behaviour });
    return {};
  }
}
