import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as door from "./index.js";
import { symbols } from "./symbols.js";

/** What index.ts exports, as its text says, types marked: types leave no trace at run time. */
function readExports(): ReadonlyMap<string, { typeOnly: boolean }> {
  const text = readFileSync(new URL("./index.ts", import.meta.url), "utf8");
  const found = new Map<string, { typeOnly: boolean }>();
  for (const [, allTypes, names = ""] of text.matchAll(/export (type )?\{([^}]*)\}/g)) {
    for (const name of names.split(",").map((part) => part.trim())) {
      if (name !== "")
        found.set(name.replace(/^type /, ""), { typeOnly: allTypes !== undefined || name.startsWith("type ") });
    }
  }
  return found;
}

test("the table lists what the door exports, and nothing else", () => {
  expect(Object.keys(symbols).toSorted()).toEqual([...readExports().keys()].toSorted());
});

test("each symbol stands under its own name, and is a type where the door exports a type", () => {
  const exports = readExports();
  for (const [key, symbol] of Object.entries(symbols)) {
    expect(symbol).toEqual({ name: key, typeOnly: exports.get(key)?.typeOnly });
    expect(key in door).toBe(!symbol.typeOnly);
  }
});
