import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../node_modules/google-proto-files/", import.meta.url));

/**
 * Ads is left out for having thousands of alike files in three versions, protobuf for being tests of protoc that
 * clash with one another, and of cloud only so much is taken as makes about a thousand files.
 */
const leftOut = ["google/ads/", "google/cloud/", "google/protobuf/"];
const some = [
  "google/cloud/asset/",
  "google/cloud/billing/",
  "google/cloud/dialogflow/v2/",
  "google/cloud/documentai/",
  "google/cloud/functions/",
  "google/cloud/kms/",
  "google/cloud/scheduler/",
  "google/cloud/speech/",
  "google/cloud/sql/",
];
const few = ["google/longrunning/", "google/iam/v1/", "google/pubsub/", "google/logging/"];

/** Copies the protos, and what they import, to a buf module in `folder`. Returns their number. */
export function copyProtos(folder, { smoke }) {
  const all = readdirSync(join(source, "google"), { recursive: true, encoding: "utf8" })
    .map((path) => `google/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".proto"));
  const within = (prefixes) => (path) => prefixes.some((prefix) => path.startsWith(prefix));
  const wanted = smoke ? all.filter(within(few)) : all.filter((path) => within(some)(path) || !within(leftOut)(path));
  const files = new Set();
  for (const path of wanted) addWithImports(path, files);
  for (const path of files) {
    mkdirSync(join(folder, "protos", dirname(path)), { recursive: true });
    copyFileSync(join(source, path), join(folder, "protos", path));
  }
  writeFileSync(join(folder, "buf.yaml"), "version: v2\nmodules:\n  - path: protos\n");
  return files.size;
}

function addWithImports(path, files) {
  if (files.has(path)) return;
  files.add(path);
  const text = readFileSync(join(source, path), "utf8");
  for (const [, imported] of text.matchAll(/^import (?:public |weak )?"([^"]+)";/gm)) {
    // The well-known types come with buf.
    if (!imported.startsWith("google/protobuf/")) addWithImports(imported, files);
  }
}
