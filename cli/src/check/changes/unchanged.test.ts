// A contract in which nothing has changed: no finding, whichever way the earlier one was stored.
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Diagnostics, lockNames } from "@potter/generator/tooling";
import { describe, expect, it } from "vitest";
import { compileProto, readTree, requestScenario, root, scenarios } from "../../../../generator/src/testing/index.js";
import { lockedImage, parseLockFile, printLockFile, recordContract } from "../../lock-file/index.js";
import { toRequest } from "../compile/index.js";
import { readContract } from "../contract/index.js";
import type { Finding } from "../findings/index.js";
import { compareGraphQL, type GraphQLInput } from "../graphql/index.js";
import { findLockFindings } from "../lock/index.js";
import { compare } from "../rules/index.js";
import { compareWire } from "../wire/index.js";
import { baseContract } from "./base.fixture.js";

const examples = ["sagas", "shop", "two-phase-commit"];

/** The contracts of the examples and of all fixtures. */
const contracts: readonly (readonly [name: string, request: () => CodeGeneratorRequest])[] = [
  ...examples.map((name) => [name, () => compileProto(readTree(join(root, "examples", name, "proto")))] as const),
  ["a created project", () => compileProto(readTree(join(root, "cli/templates/proto")))],
  ...scenarios.map((name) => [name, () => requestScenario(name)] as const),
  ["the table of changes", () => compileProto({ "shop.proto": baseContract.replaceAll("PKG", "shop") })],
];

/** A contract with the lock that `potter lock` writes for it. */
function read(request: CodeGeneratorRequest): GraphQLInput {
  const { contract, errors } = readContract(request);
  expect(errors).toEqual([]);
  const names = lockNames(contract.model, "", false, new Diagnostics());
  return { contract, request, lock: printLockFile(names, recordContract(contract.model, request)) };
}

const toImage = ({ protoFile: file }: CodeGeneratorRequest): Uint8Array =>
  toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));

/** Every finding of a comparison, the compatible ones too. */
async function findAll(base: GraphQLInput, head: GraphQLInput): Promise<readonly Finding[]> {
  const wire = await compareWire({
    base: toImage(base.request),
    head: toImage(head.request),
    contracts: { base: base.contract, head: head.contract },
    config: { modules: ["."], breaking: {} },
    folder: root,
  });
  return [...wire, ...compare(base.contract, head.contract), ...(await compareGraphQL(base, head))];
}

describe("a contract that has not changed", () => {
  it.each(contracts)("of %s has no finding against its lock, nor against itself", async (_, compile) => {
    const head = read(compile());
    expect(findLockFindings(head, false)).toEqual([]);
    const image = lockedImage(parseLockFile(head.lock, "potter.lock"), head.request.protoFile, "potter.lock");
    const recorded = toRequest(image, "potter.lock");
    const { contract, errors } = readContract(recorded);
    expect(errors).toEqual([]);
    expect(await findAll({ contract, request: recorded, lock: head.lock }, head)).toEqual([]);
    expect(compare(read(compile()).contract, head.contract)).toEqual([]);
    expect(await compareGraphQL(read(compile()), head)).toEqual([]);
  });

  it("has no finding against an image without comments, and descriptions are compared where both have them", async () => {
    const text = (comment: string) => `syntax = "proto3"; package shop;
service Orders {
${comment}
rpc GetOrder(Id) returns (Order); }
message Id { string id = 1; }
message Order { string id = 1; }
`;
    const head = read(compileProto({ "shop.proto": text("// Finds an order.") }));
    const bare = read(compileProto({ "shop.proto": text("") }));
    expect((await compareGraphQL(bare, head)).map(({ code }) => code)).toEqual(["graphql-field-description-added"]);
    for (const file of bare.request.protoFile) delete file.sourceCodeInfo;
    expect(await compareGraphQL(bare, head)).toEqual([]);
    expect(await compareGraphQL(head, bare)).toEqual([]);
  });
});
