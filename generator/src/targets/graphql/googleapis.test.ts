// Real input: Google's services, written without GraphQL in mind. Every generated schema is valid.
import { buildSchema, validateSchema } from "graphql";
import { expect, test } from "vitest";
import { emitGraphQL, narrowTo, requestGoogleProtos, turnAround } from "../../testing/index.js";

const folders = [
  ...["bigtable", "bytestream", "datastore", "firestore", "iam", "logging", "longrunning", "monitoring", "pubsub"],
  ...["spanner", "storage", "cloud/chronicle", "cloud/dialogflow/v2", "cloud/kms", "cloud/resourcemanager"],
  ...["cloud/run/v2", "cloud/speech", "shopping/merchant/accounts/v1", "cloud/compute/v1", "analytics"],
].map((folder) => `google/${folder}`);

test("every folder with services produces a schema that graphql-js accepts, per file and merged", () => {
  const request = requestGoogleProtos(folders);
  const byFolder = new Map<string, string[]>();
  for (const name of request.fileToGenerate) {
    const folder = name.slice(0, name.lastIndexOf("/"));
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), name]);
  }
  let count = 0;
  let fields = 0;
  for (const names of byFolder.values()) {
    const narrowed = narrowTo(request, names);
    for (const output of ["merged", "file"]) {
      for (const [path, text] of Object.entries(emitGraphQL(narrowed, { output }))) {
        if (!path.endsWith(".graphql")) continue;
        const schema = buildSchema(text);
        expect(validateSchema(schema)).toEqual([]);
        count += 1;
        fields += [schema.getQueryType(), schema.getMutationType()].reduce(
          (sum, type) => sum + Object.keys(type?.getFields() ?? {}).length,
          0,
        );
      }
    }
  }
  expect(count).toBeGreaterThan(150);
  expect(fields).toBeGreaterThan(2000);
});

test("a schema has the same bytes whatever the order of its files", () => {
  const request = requestGoogleProtos(["google/logging", "google/pubsub"]);
  expect(emitGraphQL(turnAround(request))).toEqual(emitGraphQL(request));
});
