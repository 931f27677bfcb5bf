// Real input: clients of services that Google has published as protos.
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { beforeAll, expect, test } from "vitest";
import {
  emitClients,
  emitMessages,
  groupGoogleProtos,
  narrowTo,
  Project,
  requestGoogleProtos,
  turnAround,
} from "../../testing/index.js";

const full = process.env["POTTER_FULL"] === "true";

/** The folders whose clients are compiled: with POTTER_FULL=true more than a hundred files with services. */
const compiled = [
  ...["bytestream", "datastore", "iam", "logging", "longrunning", "pubsub", "cloud/kms", "cloud/speech"],
  ...(full ? ["bigtable", "firestore", "monitoring", "spanner", "storage", "cloud/chronicle"] : []),
  ...(full ? ["cloud/dialogflow/v2", "cloud/resourcemanager", "cloud/run/v2", "shopping/merchant/accounts/v1"] : []),
].map((folder) => `google/${folder}`);

/** Files that bind two rpcs to one route. */
const clashing = /^google\/cloud\/(bigquery\/storage\/\w+\/storage|discoveryengine\/\w+\/session_service)\.proto$/;

let request: CodeGeneratorRequest;
beforeAll(() => {
  request = requestGoogleProtos(compiled);
});

test.each(["json", "es"] as const)(
  "clients with client_messages=%s are the same in whatever order files come, and compile",
  (messages) => {
    const files = emitClients(request, messages);
    expect(emitClients(turnAround(request), messages)).toEqual(files);
    expect(Object.keys(files).filter((path) => path.endsWith("_client.ts")).length).toBeGreaterThan(full ? 100 : 15);
    const project = new Project({ ...(messages === "es" ? emitMessages(request, "es") : {}), ...files });
    try {
      expect(project.typeCheck()).toBe("");
    } finally {
      project.remove();
    }
  },
  120_000,
);

test.runIf(full).each([...groupGoogleProtos()])(
  "%s: the clients of all services compile",
  (_, folders) => {
    const all = requestGoogleProtos(folders);
    const files = emitClients(
      narrowTo(
        all,
        all.fileToGenerate.filter((name) => !clashing.test(name)),
      ),
    );
    const project = new Project(files);
    try {
      expect(project.typeCheck()).toBe("");
    } finally {
      project.remove();
    }
  },
  600_000,
);

test("lists have their pages, and paths the JSON names of fields", () => {
  const text = emitClients(request)["google/pubsub/v1/pubsub_client.ts"] ?? "";
  expect(text).toContain('pages: { items: "topics" },');
  expect(text).toContain('http: { method: "PUT", path: "/v1/{name=projects/*/topics/*}", body: "*" },');
  expect(text).toContain('path: "/v1/{project=projects/*}/topics" },');
});
