// The table of changes with potter.lock as the earlier contract: the same findings as with the contract itself.
import { create, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { root } from "../../../../generator/src/testing/index.js";
import { lockedImage, parseLockFile, printLockFile, recordContract } from "../../lock-file/index.js";
import { toRequest } from "../compile/index.js";
import { type Contract, readContract } from "../contract/index.js";
import type { Finding } from "../findings/index.js";
import { compareGraphQL } from "../graphql/index.js";
import { compare } from "../rules/index.js";
import { compareWire } from "../wire/index.js";
import { after, before, changes, read } from "./table.fixture.js";

type Read = ReturnType<typeof read>;

/** The image of a contract after it was written to a lock and read from it. */
function throughLock({ contract, request }: Read, head: Read["request"]): Uint8Array {
  const text = printLockFile("", recordContract(contract.model, request));
  return lockedImage(parseLockFile(text, "potter.lock"), head.protoFile, "potter.lock");
}

/** All of a finding but its line, which a lock does not have. */
function withoutLines(findings: readonly Finding[]): readonly object[] {
  return findings.map(({ place, ...finding }) => ({ ...finding, file: place?.location.file, side: place?.side }));
}

describe("a change since a lock", () => {
  it.each(changes.map(({ name, marks }, at) => [name, marks, at] as const))("%s", async (_, marks, at) => {
    const [base, head] = [read(before, at), read(after, at)];
    const request = toRequest(throughLock(base, head.request), "potter.lock");
    const { contract, errors } = readContract(request);
    expect(errors).toEqual([]);
    const found = compare(contract, head.contract);
    expect(withoutLines(found)).toEqual(withoutLines(compare(base.contract, head.contract)));
    // In a normal run, schemas are built where the table says that they differ.
    if (marks.graphql === undefined && process.env["POTTER_FULL"] !== "true") return;
    const schema = await compareGraphQL({ contract, request, lock: "" }, { ...head, lock: "" });
    expect(withoutLines(schema)).toEqual(
      withoutLines(await compareGraphQL({ ...base, lock: "" }, { ...head, lock: "" })),
    );
  });
});

it("buf finds the same in the lock of all contracts as in the contracts", async () => {
  const whole = (request: Read["request"]): Read => ({ request, contract: readContract(request).contract });
  const [base, head] = [whole(before), whole(after)];
  const find = (image: Uint8Array, contract: Contract) =>
    compareWire({
      base: image,
      head: throughLock(head, before),
      contracts: { base: contract, head: head.contract },
      config: { modules: ["."], breaking: {} },
      folder: root,
    });
  const plain = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: before.protoFile }));
  const image = throughLock(base, after);
  const found = await find(image, readContract(toRequest(image, "potter.lock")).contract);
  expect(found.length).toBeGreaterThan(20);
  expect(codesOf(found)).toEqual(codesOf(await find(plain, base.contract)));
});

function codesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ code, element }) => `${code} ${element}`).sort();
}
