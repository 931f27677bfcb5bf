// Real input: all that Google has published as protos of its services, none of which has heard of Potter.
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { descriptors, httpBinding } from "@potter/runtime/codegen/v1";
import { beforeAll, describe, expect, test } from "vitest";
import { parsePathTemplate } from "../../model/index.js";
import { generate } from "../../pipeline/index.js";
import {
  emitCqrs,
  emitMessages,
  groupGoogleProtos,
  type MessageLibraryName,
  messageLibraries,
  narrowTo,
  Project,
  requestGoogleProtos,
  turnAround,
} from "../../testing/index.js";
import { cqrs } from "./index.js";

/** Files that bind two rpcs of theirs, or of their folder, to one route. */
const clashing = [
  "google/cloud/bigquery/storage/v1/storage.proto",
  "google/cloud/bigquery/storage/v1beta1/storage.proto",
  "google/cloud/bigquery/storage/v1beta2/storage.proto",
  "google/cloud/discoveryengine/v1/session_service.proto",
  "google/cloud/discoveryengine/v1alpha/session_service.proto",
  "google/cloud/discoveryengine/v1beta/session_service.proto",
];

const full = process.env["POTTER_FULL"] === "true";

/**
 * The folders whose files are compiled, with what they import: with POTTER_FULL=true more than a hundred files with
 * services. Not among them is google/cloud/sql, where ts-proto reads a wrapper in a oneof in a way that the compiler
 * refuses.
 */
const compiled = [
  ...["bytestream", "datastore", "iam", "logging", "longrunning", "pubsub", "cloud/kms", "cloud/speech"],
  ...(full ? ["bigtable", "firestore", "monitoring", "spanner", "storage", "cloud/chronicle"] : []),
  ...(full ? ["cloud/dialogflow/v2", "cloud/resourcemanager", "cloud/run/v2", "shopping/merchant/accounts/v1"] : []),
].map((folder) => `google/${folder}`);

const groups = groupGoogleProtos();

test.each([...groups])(
  "%s: every file with a service produces a file, whatever the message library",
  (name, folders) => {
    const request = requestGoogleProtos(folders);
    const services = servicesOf(request);
    expect(services.length).toBeGreaterThan(50);
    for (const messages of messageLibraries) {
      const { files, complaints } = generateByFolder(request, messages);
      expect(complaints).toEqual(name === "all others" ? { "http-duplicate-route": clashing } : {});
      const wanted = services.flatMap((path) =>
        clashing.includes(path) ? [] : [path.replace(/\.proto$/, "_cqrs.ts")],
      );
      expect(files.filter((path) => path.endsWith("_cqrs.ts"))).toEqual(wanted.sort());
    }
  },
  120_000,
);

describe("output of many files with services", () => {
  let request: CodeGeneratorRequest;

  beforeAll(() => {
    request = requestGoogleProtos(compiled);
  });

  test("covers most ways to declare a service", () => {
    expect(servicesOf(request).length).toBeGreaterThan(full ? 100 : 15);
  });

  test("finds its descriptors at run time if the message library has none", () => {
    const files = emitCqrs(request, "ts-proto");
    const sets = Object.entries(files).filter(([path]) => path.endsWith("_descriptors.ts"));
    const found = sets.flatMap(([path, text]) => {
      const descriptorOf = descriptors([...text.matchAll(/^ *"([\w+/=]+)"/gm)].map(([, part]) => part).join(""));
      const codecs = (files[path.replace("_descriptors", "_cqrs")] ?? "").matchAll(/descriptorOf\("([\w.]+)"\)/g);
      return Array.from(codecs, ([, name = ""]) => [name, descriptorOf(name).typeName]);
    });
    expect(found.length).toBeGreaterThan(full ? 1000 : 200);
    expect(found.filter(([used, linked]) => used !== linked)).toEqual([]);
  });

  test("binds methods to the routes of the contract", () => {
    const text = Object.values(emitCqrs(request, "es")).join("");
    const paths = Array.from(text.matchAll(/httpBinding\("[A-Z]+", "([^"]+)"/g), ([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(full ? 500 : 100);
    for (const path of paths) {
      expect(httpBinding("GET", path)).toEqual({ method: "GET", path, ...parsePathTemplate(path) });
    }
  });

  test.each(messageLibraries)(
    "is the same in whatever order they come, and compiles with messages=%s",
    (messages) => {
      const files = emitCqrs(request, messages);
      expect(emitCqrs(turnAround(request), messages)).toEqual(files);
      const project = new Project({ ...emitMessages(request, messages), ...files });
      try {
        expect(project.typeCheck()).toBe("");
      } finally {
        project.remove();
      }
    },
    120_000,
  );
});

/** The files to generate that declare services, by name. */
function servicesOf({ fileToGenerate, protoFile }: CodeGeneratorRequest): readonly string[] {
  const own = new Set(fileToGenerate);
  return protoFile.flatMap(({ name, service }) => (own.has(name) && service.length > 0 ? [name] : [])).sort();
}

/**
 * A folder at a time, as buf starts a plugin: its services are served together, and may not clash. Files that are
 * complained of are left out, each once under the code of the complaint.
 */
function generateByFolder(request: CodeGeneratorRequest, messages: MessageLibraryName) {
  const folders = new Map<string, string[]>();
  for (const name of request.fileToGenerate) {
    const folder = name.slice(0, name.lastIndexOf("/"));
    folders.set(folder, [...(folders.get(folder) ?? []), name]);
  }
  const files: string[] = [];
  const complaints: Record<string, string[]> = {};
  for (const names of folders.values()) {
    const { left, found } = generateFolder(request, names, messages);
    files.push(...found);
    for (const [code, file] of left) complaints[code] = [...new Set([...(complaints[code] ?? []), file])].sort();
  }
  return { files: files.sort(), complaints };
}

function generateFolder(request: CodeGeneratorRequest, names: readonly string[], messages: MessageLibraryName) {
  const target = { target: cqrs, options: { messages, import_extension: "js" } };
  const run = (chosen: readonly string[]) => generate(narrowTo(request, chosen), [target], "test");
  const all = run(names);
  const left = all.diagnostics.map(({ code, location }) => [code, location.file] as const);
  const { files } = left.length === 0 ? all : run(names.filter((name) => left.every(([, file]) => file !== name)));
  return { left, found: files.map(({ name }) => name) };
}
