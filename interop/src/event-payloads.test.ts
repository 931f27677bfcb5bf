// The JSON that the codec writes for events shaped like a public catalogue's passes the schemas of their AsyncAPI document,
// read as JSON Schema draft-07, the dialect of AsyncAPI.
import { create, createFileRegistry, fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Ajv } from "ajv";
import addFormatsModule from "ajv-formats";
import { expect, it } from "vitest";
import { emitAsyncApi, requestScenario } from "../../generator/dist/testing/index.js";

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const request = requestScenario("event-catalogue");
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
const [text = ""] = Object.values(emitAsyncApi(request, { format: "json" }));
const ajv = new Ajv({ strict: false });
addFormats(ajv);
ajv.addSchema(JSON.parse(text), "document");

const pieces: Readonly<Record<string, JsonValue>> = {
  "storage.v1.ObjectFinalizedEvent": {
    data: {
      size: "9223372036854775807",
      timeCreated: "2024-05-17T09:30:00.123456789Z",
      metadata: { "": "empty", "a/b": "c" },
      eventBasedHold: false,
      customerEncryption: { encryptionAlgorithm: "AES256" },
    },
  },
  "documents.v1.DocumentWrittenEvent": {
    data: {
      value: {
        fields: {
          nothing: { nullValue: null },
          list: { arrayValue: { values: [{ doubleValue: "NaN" }, { bytesValue: "AAE=" }] } },
          map: { mapValue: { fields: { "x&y": { geoPointValue: { latitude: -0.5 } } } } },
        },
      },
      updateMask: { fieldPaths: ["a.`b c`"] },
    },
  },
  "audit.v1.LogWrittenEvent": {
    data: {
      resource: { $type: "bucket" },
      protoPayload: {
        status: { details: [{ "@type": "type.googleapis.com/google.protobuf.Duration", value: "1.500s" }] },
        numResponseItems: "3",
        request: { deep: [{ any: null }] },
        response: null,
        warnings: [1, "two", [3]],
        changed: "displayName,address.city",
        attempts: { "-1": "2s" },
        receipts: { true: "AA==" },
        requestMetadata: { requestAttributes: { auth: { claims: {} } } },
      },
      severity: "LOG_SEVERITY_EMERGENCY",
      "logging.example.com/trace": "t",
      spanID: "18446744073709551615",
      traceSampled: true,
    },
  },
  "messaging.v1.MessagePublishedEvent": { message: { data: "aGVsbG8=", attributes: { k: "v" } }, deliveryAttempt: 0 },
  "messaging.v1.EventReceived": {
    event: {
      id: "1",
      source: "/sensors/tn-1234567/alerts",
      specversion: "1.0",
      type: "com.example.someevent",
      attributes: { time: { ceTimestamp: "2018-04-05T17:31:00Z" }, flag: { ceBoolean: false } },
      data_base64: "AAAA",
    },
  },
  "builds.v1.BuildEnded": {
    buildId: "b",
    outcome: "OUTCOME_SUCCESS",
    stage: { name: "test", steps: { lint: { took: "3s", within: { steps: { "": { volume: { used: 0.5 } } } } } } },
    exitCodes: [0, 4294967295],
  },
};

/** The event and what the schema of its payload has against some JSON of it. */
function problems(name: string, json: JsonValue): string {
  const $ref = `document#/components/schemas/fixture.catalogue.${name}`;
  ajv.validate({ $ref }, json);
  return ajv.errorsText();
}

it.each(Object.entries(pieces))("the payload of %s is what the codec writes", (name, json) => {
  const desc = registry.getMessage(`fixture.catalogue.${name}`);
  if (desc === undefined) throw new Error(`there is no event ${name}`);
  const written = toJson(desc, fromJson(desc, json, { registry }), { registry });
  expect(written).toEqual(json);
  expect(problems(name, written)).toBe("No errors");
});

it.each<[string, JsonValue, string]>([
  ["storage.v1.ObjectFinalizedEvent", { data: { size: 7 } }, "data/data/size must be string"],
  [
    "audit.v1.LogWrittenEvent",
    { data: { textPayload: "a", jsonPayload: {} } },
    "data/data must match exactly one schema in oneOf",
  ],
  [
    "messaging.v1.EventReceived",
    { event: { id: "1", specversion: "1.0" } },
    "data/event must match exactly one schema",
  ],
  ["messaging.v1.MessagePublishedEvent", {}, "data must have required property 'message'"],
  ["builds.v1.BuildEnded", {}, "data must have required property 'buildId'"],
])("the payload of %s is nothing else: %j", (name, json, problem) => {
  expect(problems(name, json)).toContain(problem);
});
