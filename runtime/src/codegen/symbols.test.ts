import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as entryPoint from "./index.js";
import { symbols } from "./symbols.js";

/** The names that a file lists in its exports, with types marked: read from its text, because types do not exist at run time. */
function readExports(file: string): ReadonlyMap<string, { typeOnly: boolean }> {
  const text = readFileSync(new URL(file, import.meta.url), "utf8");
  const found = new Map<string, { typeOnly: boolean }>();
  for (const [, allTypes, names = ""] of text.matchAll(/export (type )?\{([^}]*)\}/g)) {
    for (const name of names.split(",").map((part) => part.trim())) {
      if (name !== "")
        found.set(name.replace(/^type /, ""), { typeOnly: allTypes !== undefined || name.startsWith("type ") });
    }
  }
  return found;
}

test("the table lists the names that index.ts exports, and nothing else", () => {
  expect(Object.keys(symbols).toSorted()).toEqual([...readExports("./index.ts").keys()].toSorted());
});

test("contract-types.ts adds types only, and none of the table", () => {
  const added = [...readExports("./contract-types.ts")];
  expect(added.length).toBeGreaterThan(0);
  expect(added.filter(([name, { typeOnly }]) => !typeOnly || name in symbols)).toEqual([]);
  expect(Object.keys(entryPoint).filter((name) => !(name in symbols))).toEqual([]);
});

test("each symbol has its own name, and is a type if index.ts exports a type", () => {
  const exports = readExports("./index.ts");
  for (const [key, symbol] of Object.entries(symbols)) {
    expect(symbol).toEqual({ name: key, typeOnly: exports.get(key)?.typeOnly });
    expect(key in entryPoint).toBe(!symbol.typeOnly);
  }
});
