// The types of messages are those of the JSON that services read and write: samples of the messages of all fixtures pass through the
// codec of the runtime, and what it writes is compiled as literals of their types.
import { type DescField, type DescMessage, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { es } from "@potter/runtime/codegen/v1";
import { afterAll, beforeAll, expect, test } from "vitest";
import { analyse } from "../../pipeline/index.js";
import { emitClients, Project, requestAll } from "../../testing/index.js";
import { isPublic, publicMessages } from "./contract.js";
import { jsonTypeName, messagesPath } from "./json/index.js";
import { reachableTypes } from "./reachable-types.js";

const request = requestAll();
const files = analyse(request).model.files.filter((file) => isPublic(file));
const types = [...reachableTypes(files.flatMap(publicMessages)).values()].flat();
const messages = types.filter((type) => type.kind === "message");
let project: Project;

beforeAll(() => {
  const clients = Object.entries(emitClients(request)).filter(([path]) => path.endsWith("_messages.ts"));
  project = new Project(Object.fromEntries(clients));
});
afterAll(() => project.remove());

test("what services write has the declared types", () => {
  expect(messages.length).toBeGreaterThan(150);
  for (const [at, message] of messages.entries()) project.write(`samples/${at}.ts`, printSamples(message));
  expect(project.typeCheck()).toBe("");
});

test("what services refuse has not", () => {
  project.write("wrong.ts", wrong);
  const complaints = project
    .typeCheck()
    .split("\n")
    .filter((line) => line.startsWith("wrong.ts"));
  expect(complaints.map((line) => Number(/\((\d+)/.exec(line)?.[1]))).toEqual([4, 5, 6, 7, 8, 9]);
});

/** One mistake a line. */
const wrong = `import type { SetAlarmResponse } from "./fixture/wkt/v1/clock_messages.js";
import type { ReturnParcelRequest, ParcelView } from "./fixture/proto2/v1/parcel_messages.js";
import type { WithdrawResponse, DepositRequest } from "./fixture/annotated/v1/bank_messages.js";
export const number: DepositRequest = { amount: 1 };
export const protoName: DepositRequest = { account_number: "1" };
export const required: ReturnParcelRequest = {};
export const enumeration: ParcelView = { size: "SIZE_HUGE" };
export const empty: WithdrawResponse = { done: true };
export const time: SetAlarmResponse = { at: new Date() };
`;

/** Prints samples of a message as literals of its type. */
function printSamples(message: DescMessage): string {
  const name = jsonTypeName(message);
  const samples = samplesOf(message).map(
    (json, at) => `export const sample${at}: ${name} = ${JSON.stringify(json)};\n`,
  );
  return `import type { ${name} } from "../${messagesPath(message.file)}.js";\n${samples.join("")}`;
}

/** A message with all fields outside of oneofs, one for each field of a oneof, and one with as little as possible. */
function samplesOf(message: DescMessage): readonly JsonValue[] {
  const single = message.fields.filter(({ oneof }) => oneof === undefined);
  const required = single.filter(isRequired);
  const choices = message.oneofs.flatMap(({ fields }) => fields.map((field) => [...required, field]));
  return [single, ...choices, required].map((fields) => {
    const sample = sampleOf(fields, 2);
    const codec = es(message);
    return codec.toJson(codec.fromJson(sample));
  });
}

function sampleOf(fields: readonly DescField[], depth: number): JsonValue {
  return Object.fromEntries(fields.map((field) => [field.jsonName, fieldValue(field, depth)]));
}

function fieldValue(field: DescField, depth: number): JsonValue {
  const value = elementOf(field, depth);
  if (field.fieldKind === "list") return [value];
  return field.fieldKind === "map" ? { [keyOf(field.mapKey)]: value } : value;
}

function elementOf({ message, enum: enumeration, scalar, parent }: DescField, depth: number): JsonValue {
  if (enumeration !== undefined) {
    return enumeration.typeName === "google.protobuf.NullValue" ? null : (enumeration.values.at(-1)?.name ?? "");
  }
  if (message === undefined) return scalarValue(scalar);
  if (isWrapperDesc(message)) return scalarValue(message.fields[0]?.scalar);
  if (message.typeName === "google.protobuf.Any") return { "@type": `type.googleapis.com/${parent?.typeName}` };
  if (Object.hasOwn(special, message.typeName)) return special[message.typeName] as JsonValue;
  const fields = message.fields.filter((field) => isRequired(field) || (depth > 0 && field.oneof === undefined));
  return sampleOf(fields, depth - 1);
}

const special: Readonly<Record<string, JsonValue>> = {
  "google.protobuf.Duration": "1.5s",
  "google.protobuf.FieldMask": "displayName,address.city",
  "google.protobuf.ListValue": [1, "two", null],
  "google.protobuf.Struct": { a: { b: [true] } },
  "google.protobuf.Timestamp": "2026-01-31T12:00:00Z",
  "google.protobuf.Value": null,
};

function scalarValue(scalar: ScalarType | undefined): JsonValue {
  switch (scalar) {
    case ScalarType.BOOL:
      return true;
    case ScalarType.BYTES:
      return "AQ==";
    case ScalarType.DOUBLE:
      return 1.5;
    case ScalarType.FLOAT:
      return "NaN";
    case ScalarType.STRING:
      return "text";
    default:
      return 7;
  }
}

function keyOf(scalar: ScalarType): string {
  return scalar === ScalarType.BOOL ? "true" : scalar === ScalarType.STRING ? "key" : "7";
}

// google.protobuf.FeatureSet.FieldPresence.LEGACY_REQUIRED
function isRequired({ presence }: DescField): boolean {
  return presence === 3;
}
