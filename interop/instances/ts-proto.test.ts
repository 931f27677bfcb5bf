// The same with messages of ts-proto: schemas accept what its codec writes, and what a schema refuses because
// protobuf-es does, it refuses too. known-losses.ts lists the values that ts-proto loses.
import { isDeepStrictEqual } from "node:util";
import { type DescMessage, fromJson, type JsonValue, type Message, toBinary } from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AnyCodec, tsProto } from "../../runtime/src/message/index.js";
import { Arbitraries } from "./arbitrary-message.js";
import { otherContracts, truthContract } from "./contract.js";
import { findLoss, knownLosses } from "./known-losses.js";
import { mutate } from "./mutants.js";
import { Oracle } from "./oracle.js";
import { SchemaValidator } from "./schema-validator.js";
import { TsProtoProject } from "./ts-proto-project.js";

describe.each([truthContract(), ...otherContracts()])("the messages of $name", (contract) => {
  const validator = new SchemaValidator(contract, "3.1");
  let project: TsProtoProject;

  beforeAll(async () => {
    project = await TsProtoProject.create(contract);
  });

  afterAll(() => project.remove());

  it.each(contract.messages)("$typeName: ts-proto writes and refuses the same", async (desc) => {
    const functions = await project.functionsOf(desc);
    if (functions === undefined) return;
    const codec = tsProto(functions, desc);
    const oracle = await Oracle.create(desc);
    const arbitrary = new Arbitraries({ root: desc, owed: () => false }).message(desc);
    const differences = new Set<string>();
    const tried = new Set<string>();
    let [refused, kept] = [0, 0];
    for (const message of fc.sample(arbitrary, { numRuns: 6, seed: 4 })) {
      if (oracle.refusals(message).length > 0) continue;
      const json = oracle.write(message);
      if (findLoss(desc, message) === undefined) {
        kept++;
        const written = rewrite(codec, desc, message);
        const complaint = validator.complaint(contract.messages.indexOf(desc), "output", written);
        if (complaint !== undefined) differences.add(`refused: ${complaint} in ${JSON.stringify(written)}`);
        if (!isDeepStrictEqual(written, json))
          differences.add(`${JSON.stringify(json)} became ${JSON.stringify(written)}`);
      }
      // The truth table has every kind of field; the others would repeat it.
      for (const mutant of contract.name === "truth" ? mutate(desc, json) : []) {
        if (tried.has(mutant.label)) continue;
        tried.add(mutant.label);
        const verdict = oracle.decide(mutant.json);
        if (!verdict.refused || !verdict.rules.some((rule) => rule.startsWith("json."))) continue;
        refused++;
        if (reads(() => codec.toJson(codec.fromJson(mutant.json)))) differences.add(`accepted: ${mutant.label}`);
      }
    }
    expect([...differences].slice(0, 10)).toEqual([]);
    if (contract.name === "truth") expect(refused).toBeGreaterThan(0);
    if (desc.file.edition === Edition.EDITION_PROTO3) expect(kept).toBeGreaterThan(0);
  });
});

describe("losses of ts-proto messages", () => {
  const truth = truthContract();
  let project: TsProtoProject;

  beforeAll(async () => {
    project = await TsProtoProject.create(truth);
  });

  afterAll(() => project.remove());

  it.each(knownLosses)("$name: it is still lost", async (loss) => {
    const { message: name, json, written } = loss.example;
    const desc = truth.messages.find(({ typeName }) => typeName === `truth.v1.${name}`);
    const functions = desc && (await project.functionsOf(desc));
    if (desc === undefined || functions === undefined) throw new Error(`there is no ${name}`);
    const message = fromJson(desc, json);
    expect(findLoss(desc, message)?.name).toBe(loss.name);
    const codec = tsProto(functions, desc);
    if (written === undefined) expect(() => rewrite(codec, desc, message)).toThrow("required field not set");
    else expect(rewrite(codec, desc, message)).toEqual(written);
  });
});

/** The JSON of a message after a round trip through ts-proto. */
function rewrite(codec: AnyCodec, desc: DescMessage, message: Message): JsonValue {
  return JSON.parse(JSON.stringify(codec.toJson(codec.decode(toBinary(desc, message))))) as JsonValue;
}

function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
