import { expect, it, vi } from "vitest";
import { asyncapi } from "../targets/asyncapi/index.js";
import { cqrs } from "../targets/cqrs/index.js";
import { graphql } from "../targets/graphql/index.js";
import { defaultsOf, OptionError } from "../targets/index.js";
import { openapi } from "../targets/openapi/index.js";
import { saga } from "../targets/saga/index.js";
import { requestScenario } from "../testing/index.js";
import { generate } from "./generate.js";
import type { Transpile } from "./module-forms.js";

it.each([asyncapi, cqrs, graphql, openapi, saga])("omitted options of $name have their defaults", (target) => {
  const filesOf = (options: Readonly<Record<string, string>>) =>
    generate(requestScenario("annotated"), [{ target, options }], "test").files;
  expect(filesOf({})).not.toEqual([]);
  expect(filesOf({})).toEqual(filesOf(defaultsOf(target.options)));
});

/** Writes names in place of code. */
const transpile = vi.fn<Transpile>((modules, forms) =>
  modules.flatMap(({ name }) =>
    forms.map((form) => ({ name: name.replace(/ts$/, form === "js" ? "js" : "d.ts"), content: "" })),
  ),
);
const everything = [cqrs, saga, openapi, asyncapi, graphql];

it.each([
  ["ts", ["bank_cqrs.ts", "bank_saga.ts", "schema_graphql.ts"]],
  ["js", ["bank_cqrs.js", "bank_saga.js", "schema_graphql.js"]],
  [
    "ts+dts",
    ["bank_cqrs.d.ts", "bank_cqrs.ts", "bank_saga.d.ts", "bank_saga.ts", "schema_graphql.d.ts", "schema_graphql.ts"],
  ],
  [
    "js+dts",
    ["bank_cqrs.d.ts", "bank_cqrs.js", "bank_saga.d.ts", "bank_saga.js", "schema_graphql.d.ts", "schema_graphql.js"],
  ],
])("target=%s decides the forms of modules, and of nothing else", (form, modules) => {
  const chosen = everything.map((target) => ({ target, options: "target" in target.options ? { target: form } : {} }));
  const { files } = generate(requestScenario("annotated"), chosen, "test", transpile);
  const names = files.map(({ name }) => name.split("/").at(-1) ?? "");
  expect(names.filter((name) => /[jt]s$/.test(name)).sort()).toEqual(modules);
  const plain = generate(
    requestScenario("annotated"),
    everything.map((target) => ({ target, options: {} })),
    "test",
  ).files;
  expect(files.filter(({ name }) => !/[jt]s$/.test(name))).toEqual(plain.filter(({ name }) => !/[jt]s$/.test(name)));
});

it("compiles the modules of all targets at once, in the forms that each of them wants", () => {
  const chosen = [
    { target: cqrs, options: { target: "js" } },
    { target: saga, options: { target: "dts" } },
    { target: graphql, options: {} },
  ];
  transpile.mockClear();
  const { files } = generate(requestScenario("annotated"), chosen, "test", transpile);
  expect(files.map(({ name }) => name).filter((name) => /[jt]s$/.test(name))).toEqual([
    "fixture/annotated/v1/bank_cqrs.js",
    "fixture/annotated/v1/bank_saga.d.ts",
    "schema_graphql.ts",
  ]);
  expect(transpile).toHaveBeenCalledTimes(1);
});

it("refuses JavaScript without a transpiler, and with imports that would lead nowhere", () => {
  const run = (options: Readonly<Record<string, string>>) =>
    generate(requestScenario("annotated"), [{ target: cqrs, options }], "test");
  expect(() => run({ target: "js+dts" })).toThrow(
    new OptionError("target=js+dts needs a transpiler: pass one of createTranspiler"),
  );
  expect(() => run({ target: "ts+js", import_extension: "ts" })).toThrow(
    new OptionError(
      'option "import_extension" cannot be "ts" with target=ts+js: JavaScript and declarations import files of JavaScript; use "js" or "none"',
    ),
  );
});
