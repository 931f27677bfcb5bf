// graphql-eslint checks the generated schemas.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitGraphQL, requestScenario, root, scenarios } from "../../generator/dist/testing/index.js";
import { lint } from "./lint.js";

/** The placeholder field of a type without fields: `_`. */
const placeholder = /^naming-convention: (Field "_" should|Leading underscores|Trailing underscores)/;
/** Contracts whose names are odd on purpose. A name of the proto may not be changed beyond what GraphQL requires. */
const odd = new Set(["hostile-names", "graphql-options", "oneofs-maps-nested-imports"]);

describe.each(["off", "on"])("with federation=%s", (federation) => {
  it.each(scenarios)("finds nothing in %s except names", (scenario) => {
    const sdl = emitGraphQL(requestScenario(scenario), { federation })["schema.graphql"] ?? "";
    const said = lint(sdl).filter((complaint) => !placeholder.test(complaint));
    expect(said.filter((complaint) => !odd.has(scenario) || !complaint.startsWith("naming-convention"))).toEqual([]);
    if (odd.has(scenario)) expect([scenario, said.length > 0]).toEqual([scenario, true]);
  });
});

it("finds nothing in the shop except placeholder fields", () => {
  const said = lint(readFileSync(join(root, "examples/shop/gen/schema.graphql"), "utf8"));
  expect(said.filter((complaint) => !placeholder.test(complaint))).toEqual([]);
  expect(said.length).toBeGreaterThan(0);
});

it("reports an incorrect schema", () => {
  const said = lint("type Query { getIt: thing @deprecated } type thing { thingName: Int } type Lost { a: Int }");
  expect(said.map((complaint) => complaint.slice(0, complaint.indexOf(":"))).toSorted()).toEqual(
    expect.arrayContaining(["naming-convention", "no-typename-prefix", "no-unreachable-types"]),
  );
});
