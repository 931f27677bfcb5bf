// Documents of some of Google's APIs, by all tools: contracts of all sizes that were not written for us.
import { describe, expect, it } from "vitest";
import { requestGoogleProtos } from "../../generator/dist/testing/index.js";
import { versions } from "./document.js";
import { writeDocuments } from "./documents.js";
import { findProblems } from "./find-problems.js";
import { tools } from "./tools.js";

/** For tools who cannot look at all: short and long, REST and not, with wrappers, recursion, splat paths and updates. */
const some = [
  "google/api/servicemanagement/v1",
  "google/cloud/compute/v1small",
  "google/cloud/secretmanager/v1",
  "google/cloud/talent/v4",
  "google/container/v1",
  "google/datastore",
  "google/firestore/v1",
  "google/longrunning",
  "google/monitoring",
  "google/pubsub/v1",
  "google/spanner/v1",
  "google/storage/v2",
];

/** Of these, clients are compiled. */
const withClients = ["google/cloud/secretmanager/v1", "google/container/v1", "google/firestore/v1", "google/pubsub/v1"];

describe.each(some)("the documents of %s", (folder) => {
  const request = requestGoogleProtos([folder]);

  it.each(versions)("are good OpenAPI %s", async (version) => {
    const asked = tools.filter(
      (tool) =>
        tool.versions.includes(version) &&
        (tool.weight === "light" || (version === "3.1" && withClients.includes(folder))),
    );
    const documents = writeDocuments(request, version, "file");
    expect(documents).not.toEqual([]);
    const problems: string[] = [];
    for (const document of documents) {
      for (const tool of asked) {
        const said = await findProblems(tool, document);
        problems.push(...said.map((text) => `${tool.name} of ${text}`));
      }
    }
    expect(problems).toEqual([]);
  });
});
