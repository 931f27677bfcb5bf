// Whatever users write, and whatever changes in the contract: their code stays as it is, and a second run has nothing to do.

import { analyse } from "@potter/generator";
import fc from "fast-check";
import type { Options } from "prettier";
import { expect, it } from "vitest";
import { compileProto, emitCqrs, emitMessages, emitSagas, Project } from "../../../generator/src/testing/index.js";
import { type ExpectedContract, type ExpectedObject, readContract } from "./contract/index.js";
import {
  allNames,
  contractOf,
  type Declared,
  evaluate,
  protoOf,
  type Random,
  randomProject,
  runInMemory,
} from "./testing/index.fixture.js";

/** `SCAFFOLD_CASES=10000` runs more cases, `SCAFFOLD_SEED` others. */
const numRuns = Number(process.env["SCAFFOLD_CASES"] ?? (process.env["POTTER_FULL"] === "true" ? 2000 : 200));
const seed = Number(process.env["SCAFFOLD_SEED"] ?? 24);

const optionsOfPrettier = (): fc.Arbitrary<Options> =>
  fc.record<Options>({
    printWidth: fc.constantFrom(40, 80, 120),
    semi: fc.boolean(),
    singleQuote: fc.boolean(),
    tabWidth: fc.constantFrom(2, 4),
    trailingComma: fc.constantFrom("all", "none", "es5"),
    useTabs: fc.boolean(),
  });

it(`keeps users' code and inserts what is missing, in ${numRuns} projects`, async () => {
  let inserted = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      const { files, names } = randomProject(chooser(gen));
      const options = gen(optionsOfPrettier);
      const contract = contractOf(names);
      const before = await evaluate(files);
      const change = await runInMemory(contract, files, options);
      const context = (): string => [...files.values(), "=====", ...change.texts.values()].join("\n");
      for (const { path, text, insertions, keys } of change.edits) {
        const old = files.get(path) ?? "";
        const added = insertions.reduce((sum, one) => sum + one.text.length, 0);
        expect(isSubsequence(old, text) && text.length === old.length + added, context()).toBe(true);
        if (old.includes("\r\n")) expect(/(?<!\r)\n/.test(text), context()).toBe(false);
        inserted += keys.length;
      }
      const refused = change.notes.filter(({ kind }) => kind === "refused" || kind === "unreadable");
      expect(
        refused.map(({ message }) => message),
        context(),
      ).toEqual([]);
      const after = await evaluate(change.texts);
      for (const [at, one] of before.entries())
        expect(lost(one.behaviour, after[at]?.behaviour), context()).toEqual([]);
      const hidden = change.notes.filter(({ kind }) => kind === "hidden" || kind === "unclear").length;
      if (hidden === 0) expect(lacking(contract, after), context()).toEqual([]);
      const again = await runInMemory(contract, change.texts, options);
      expect([...again.edits, ...again.files], context()).toEqual([]);
    }),
    // A failing case is shown as it is: its files say more than what shrinking leaves of them.
    { numRuns, seed, endOnFailure: true },
  );
  expect(inserted).toBeGreaterThan(numRuns);
});

it("inserts what compiles with the generated code, whatever the style", async () => {
  const request = compileProto(protoOf(allNames));
  const { model, diagnostics } = analyse(request);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const contract = readContract([model], { cqrs: true, saga: true });
  const generated = { ...emitMessages(request, "es"), ...emitCqrs(request, "es"), ...emitSagas(request, "es") };
  const files = Object.entries(generated).filter(([path]) => path.endsWith(".ts"));
  const project = new Project(Object.fromEntries(files.map(([path, text]) => [`gen/${path}`, text])));
  try {
    const samples = fc.sample(fc.gen(), { numRuns: 40, seed });
    for (const [at, gen] of samples.entries()) {
      const user = randomProject(chooser(gen), true);
      const { texts, edits, notes } = await runInMemory(contract, user.files, gen(optionsOfPrettier));
      expect([edits.length > 0, notes]).toEqual([true, []]);
      for (const [path, text] of texts) project.write(path.replace("src/", `p${at}/`), text);
    }
    expect(project.typeCheck()).toBe("");
  } finally {
    project.remove();
  }
});

function chooser(gen: fc.GeneratorValue): Random {
  return {
    chance: (percent) => gen(fc.nat, { max: 99 }) < percent,
    pick: (values) => values[gen(fc.nat, { max: values.length - 1 })] as (typeof values)[number],
    subset: (values) => gen(fc.subarray, [...values]),
  };
}

function isSubsequence(old: string, text: string): boolean {
  let at = 0;
  for (const char of text) if (char === old[at]) at += 1;
  return at === old.length;
}

/** The paths below a behaviour whose functions are no longer those of the user. */
function lost(before: unknown, after: unknown, path = ""): readonly string[] {
  if (typeof before === "function") {
    return typeof after === "function" && before() === after() ? [] : [path];
  }
  if (typeof before !== "object" || before === null) return before === after ? [] : [path];
  const other = (after ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(before).flatMap(([key, value]) => lost(value, other[key], `${path}.${key}`));
}

/** The paths that the contract requires and no declared behaviour has. */
function lacking({ parts }: ExpectedContract, declared: readonly Declared[]): readonly string[] {
  return parts.flatMap(({ name, method, behaviour }) => {
    const found = declared.filter(({ call }) => call === `${name}.${method}`);
    if (found.length === 0) return [`${name}.${method}`];
    return found.flatMap((one) => lackingIn(behaviour, one.behaviour, name));
  });
}

function lackingIn(expected: ExpectedObject, value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = value as Readonly<Record<string, unknown>>;
  return [...expected.required].flatMap(([key, inner]) => {
    if (!Object.hasOwn(entries, key)) return [`${path}.${key}`];
    return inner.kind === "object" ? lackingIn(inner, entries[key], `${path}.${key}`) : [];
  });
}
