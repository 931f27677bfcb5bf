import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, expect, it, vi } from "vitest";
import { compileText, literal, property, setTextAllowed } from "./index.js";

afterEach(() => setTextAllowed(undefined));

it("compiles a function that uses values by name", () => {
  const shout = (text: string) => `${text}!`;
  const add = compileText<(a: number) => string>(
    (refer) => `(a)=>${refer(shout)}(a+${refer("b")})+${refer(shout)}("")`,
  );
  expect(add?.(1)).toBe("1b!!");
});

it("compiles in strict mode", () => {
  expect(compileText<() => unknown>(() => "function(){return this}")?.()).toBe(undefined);
});

it("reports that text is not allowed without compiling it", () => {
  setTextAllowed(false);
  let written = 0;
  expect(compileText(() => String(++written))).toBeUndefined();
  expect(written).toBe(0);
});

it("does not hide text that is wrong", () => {
  expect(() => compileText(() => "(=>")).toThrow(SyntaxError);
});

it("finds out where the platform forbids text", async () => {
  const file = fileURLToPath(new URL("./compile-text.ts", import.meta.url));
  const { outputFiles } = await build({ entryPoints: [file], write: false, format: "esm" });
  const script = `${outputFiles[0]?.text}; process.stdout.write(String(compileText(() => "1")));`;
  const run = (...flags: string[]) =>
    execFileSync(process.execPath, [...flags, "--input-type=module", "-e", script], { encoding: "utf8" });
  expect(run()).toBe("1");
  expect(run("--disallow-code-generation-from-strings")).toBe("undefined");
});

it("stops compiling when the platform forbids text after the probe", async () => {
  let calls = 0;
  class Forbidden {
    constructor(...text: string[]) {
      if (++calls > 1) throw new EvalError("forbidden");
      // biome-ignore lint/correctness/noConstructorReturn: it takes the place of `Function`
      return Reflect.construct(Function, text) as Forbidden;
    }
  }
  const original = Object.getOwnPropertyDescriptor(Function.prototype, "constructor") as PropertyDescriptor;
  Object.defineProperty(Function.prototype, "constructor", { ...original, value: Forbidden });
  try {
    vi.resetModules();
    const fresh = await import("./index.js");
    expect(fresh.compileText(() => "1")).toBeUndefined();
    expect(fresh.compileText(() => "1")).toBeUndefined();
    expect(calls).toBe(2);
  } finally {
    Object.defineProperty(Function.prototype, "constructor", original);
  }
});

it.each(['"', "\\", "\n", "\u2028", "__proto__", "a-b", "`", "</script>"])("writes %j as a constant", (text) => {
  expect(compileText(() => literal(text))).toBe(text);
  expect(compileText<(one: object) => unknown>(() => `(one)=>one${property(text)}`)?.(own(text))).toBe(1);
});

it.each([0, -0, -1, 1e300, Number.NaN, Number.NEGATIVE_INFINITY, -5n, 2n ** 63n, true])("writes %s", (value) => {
  expect(compileText(() => literal(value))).toBe(value);
});

function own(name: string): object {
  return Object.defineProperty({}, name, { value: 1 });
}
