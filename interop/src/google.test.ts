// Third-party tools find no problem in documents of some of Google's APIs: contracts of all sizes, not written for Potter.
import { describe, expect, it } from "vitest";
import { requestGoogleProtos } from "../../generator/dist/testing/index.js";
import { versions } from "./document.js";
import { writeDocuments } from "./documents.js";
import { findProblems } from "./find-problems.js";
import { full } from "./full.js";
import { checkers, tools } from "./tools.js";

/** For tools that cannot check all: short and long, REST and not, with wrappers, recursion, splat paths and updates. */
const some = [
  "google/api/servicemanagement/v1",
  "google/cloud/compute/v1small",
  "google/cloud/secretmanager/v1",
  "google/firestore/v1",
  "google/longrunning",
  "google/storage/v2",
  ...(full ? ["google/cloud/talent/v4", "google/container/v1", "google/datastore", "google/monitoring"] : []),
  ...(full ? ["google/pubsub/v1", "google/spanner/v1"] : []),
];

/** The APIs whose clients are compiled, from their documents of 3.1. */
const withClients = ["google/cloud/secretmanager/v1", "google/container/v1", "google/firestore/v1", "google/pubsub/v1"];

/** Each API in one version, in turn, since our own contracts are checked in all; with `npm run interop -- --full` in all. */
const rows = some.flatMap((folder, at) => {
  const one = withClients.includes(folder) ? "3.1" : (versions[at % versions.length] ?? "3.1");
  return (full ? versions : [one]).map((version) => [folder, version] as const);
});

describe.each(rows)("the documents of %s", (folder, version) => {
  it(`are correct OpenAPI ${version}`, async () => {
    const documents = writeDocuments(requestGoogleProtos([folder]), version, "file");
    expect(documents).not.toEqual([]);
    const used = version === "3.1" && withClients.includes(folder) ? tools : checkers;
    const problems: string[] = [];
    for (const tool of used.filter(({ versions: supported }) => supported.includes(version))) {
      problems.push(...(await findProblems(tool, documents)));
    }
    expect(problems).toEqual([]);
  });
});
