import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as door from "./index.js";
import { symbols } from "./symbols.js";

/** The exports of index.ts, read from its source, since types do not exist at run time. */
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

test("the table lists exactly the exports of the entry point", () => {
  expect(Object.keys(symbols).toSorted()).toEqual([...readExports().keys()].toSorted());
});

test("each symbol is listed under its own name, and is a type exactly if the entry point exports a type", () => {
  const exports = readExports();
  for (const [key, symbol] of Object.entries(symbols)) {
    expect(symbol).toEqual({ name: key, typeOnly: exports.get(key)?.typeOnly });
    expect(key in door).toBe(!symbol.typeOnly);
  }
});
