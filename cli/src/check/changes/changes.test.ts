// Every kind of change: what it means for each surface, and which rule reports it.
import { create, toBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { root } from "../../../../generator/src/testing/index.js";
import { readPages } from "../../explain/pages/index.js";
import { readContract } from "../contract/index.js";
import { catalogue, type Finding, type Surface, severities, surfaces } from "../findings/index.js";
import { compareGraphQL } from "../graphql/index.js";
import { compare, type Rule, rules } from "../rules/index.js";
import { compareWire } from "../wire/index.js";
import { after, before, changes, isFileOf, read } from "./table.fixture.js";

const toImage = ({ protoFile: file }: CodeGeneratorRequest): Uint8Array =>
  toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));

/** The findings of buf, by the number of their change. */
async function findOnWire(): Promise<ReadonlyMap<number, readonly Finding[]>> {
  const contracts = { base: readContract(before).contract, head: readContract(after).contract };
  const config = { modules: ["."], breaking: {} };
  const images = { base: toImage(before), head: toImage(after), contracts, config, folder: root };
  const found = await compareWire(images);
  return new Map(changes.map((_, at) => [at, found.filter(({ place }) => isFileOf(at, place?.location.file))]));
}

const onWire = await findOnWire();

const contracts = changes.map((_, at) => ({ base: read(before, at), head: read(after, at) }));

/** The findings of Potter's own rules. */
function findOwn(at: number, set = rules): readonly Finding[] {
  const { base, head } = contracts[at] as (typeof contracts)[number];
  return compare(base.contract, head.contract, new Set(surfaces), set);
}

const known = new Map<number, readonly Finding[]>();

async function findAll(at: number): Promise<readonly Finding[]> {
  const all = known.get(at) ?? (await compareAll(at));
  known.set(at, all);
  return all;
}

async function compareAll(at: number): Promise<readonly Finding[]> {
  const { base, head } = contracts[at] as (typeof contracts)[number];
  const ofGraphQL = await compareGraphQL({ ...base, lock: "" }, { ...head, lock: "" });
  return [...findOwn(at), ...(onWire.get(at) ?? []), ...ofGraphQL];
}

/** The worst severity of each surface, without compatible ones. */
function marksOf(findings: readonly Finding[]): Readonly<Partial<Record<Surface, string>>> {
  const marks = surfaces.flatMap((surface) => {
    const found = findings.filter((finding) => finding.surface === surface).map(({ severity }) => severity);
    const worst = severities.find((severity) => found.includes(severity));
    return worst === undefined || worst === "compatible" ? [] : [[surface, worst]];
  });
  return Object.fromEntries(marks) as Partial<Record<Surface, string>>;
}

function codesOf(findings: readonly Finding[]): readonly string[] {
  const own = findings.filter(({ code, severity }) => code in catalogue && severity !== "compatible");
  return [...new Set(own.map(({ code }) => code))].sort();
}

describe("a change of a contract", () => {
  it.each(changes.map((change, at) => [change.name, change, at] as const))("%s", async (_, { marks, codes }, at) => {
    const found = await findAll(at);
    expect({ marks: marksOf(found), codes: codesOf(found) }).toEqual({ marks, codes: [...codes].sort() });
  });
});

describe("the table of changes", () => {
  it("has at least 60 changes, of which some are compatible with every surface", () => {
    expect(changes.length).toBeGreaterThanOrEqual(60);
    expect(changes.filter(({ marks }) => Object.keys(marks).length === 0).length).toBeGreaterThanOrEqual(10);
  });

  it("has a change for every code, compatible ones too", () => {
    const found = new Set(changes.flatMap((_, at) => findOwn(at).map(({ code }) => code)));
    const own = Object.entries(catalogue).filter(
      ([, { surface }]) => !["acceptances", "generated", "lock", "scaffold"].includes(surface),
    );
    expect(own.map(([code]) => code).filter((code) => !found.has(code))).toEqual([]);
  });

  it("has findings whose elements look like those of the examples of their codes", () => {
    const shapeOf = (element: string): string => element.replaceAll(/\S+?(?=:? |:?$)/g, "x");
    const shapes = new Set(
      changes.flatMap((_, at) => findOwn(at).map(({ code, element }) => `${code} ${shapeOf(element)}`)),
    );
    const found = [...shapes].map((shape) => shape.split(" ")[0]);
    const examples = Object.entries(catalogue).map(([code, { example }]) => `${code} ${shapeOf(example[0])}`);
    const compared = examples.filter((shape) => found.includes(shape.split(" ")[0]));
    expect(compared.length).toBeGreaterThan(50);
    expect(compared.filter((shape) => !shapes.has(shape))).toEqual([]);
  });

  it("reports only codes that have a page", async () => {
    const pages = readPages();
    const found = (await Promise.all(changes.map((_, at) => findAll(at)))).flat();
    expect(found.filter(({ code }) => !pages.has(code)).map(({ code }) => code)).toEqual([]);
  });

  it("notices that a rule is switched off, whichever it is", () => {
    const isNoticed = (surface: string, rule: Rule): boolean => {
      const without = { ...rules, [surface]: rules[surface as Surface]?.filter((other) => other !== rule) };
      return changes.some(({ codes }, at) => codesOf(findOwn(at, without)).join() !== [...codes].sort().join());
    };
    const all = Object.entries(rules).flatMap(([surface, list]) => list.map((rule) => [surface, rule] as const));
    expect(all.filter(([surface, rule]) => !isNoticed(surface, rule)).map(([, { name }]) => name)).toEqual([]);
  });

  it("places every finding in the file of its change", () => {
    const strays = changes.flatMap((_, at) => findOwn(at).filter(({ place }) => !isFileOf(at, place?.location.file)));
    expect(strays).toEqual([]);
    const places = changes.flatMap((_, at) => findOwn(at).map(({ place }) => place?.location ?? {}));
    expect(places.filter((location) => !("line" in location))).toEqual([]);
  });
});
