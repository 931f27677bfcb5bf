// Fills generator/proto/ with every proto file that a user of Potter imports, so that a project which installed
// @potter/generator compiles with no network: our annotations, google/api as google-gax ships it, and
// buf/validate/validate.proto, printed from the descriptor in @bufbuild/protovalidate.
// Writes only what differs, each file by a rename, since other processes may be reading the folder.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { printProto } from "./print-proto.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "generator/proto");
const require = createRequire(import.meta.url);
const gax = join(dirname(require.resolve("google-gax")), "../protos");

/** The files of google/api that Potter reads or that bindings need; what they import comes along. */
const googleApi = [
  "google/api/annotations.proto",
  "google/api/client.proto",
  "google/api/field_behavior.proto",
  "google/api/httpbody.proto",
  "google/api/resource.proto",
  "google/api/visibility.proto",
];

const validateHeader = `
Copyright 2024-2026 Buf Technologies, Inc. Licensed under the Apache License, Version 2.0.
http://www.apache.org/licenses/LICENSE-2.0

Printed from the descriptor in the npm package @bufbuild/protovalidate, which ships no source: declarations and options
are those of the original; its comments are at https://buf.build/bufbuild/protovalidate.
`;

/** @returns {Map<string, string>} */
function collect() {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const path of list(join(root, "proto"))) {
    // Not to be imported: it describes a service of every app, which would become one of the user's contract.
    if (path !== "potter/v1/waits.proto") files.set(path, readFileSync(join(root, "proto", path), "utf8"));
  }
  const wanted = [...googleApi];
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    // google/protobuf comes with every compiler.
    if (files.has(path) || path.startsWith("google/protobuf/")) continue;
    const text = readFileSync(join(gax, path), "utf8");
    files.set(path, text);
    for (const [, imported] of text.matchAll(/^import (?:public )?"([^"]+)";/gm)) wanted.push(imported ?? "");
  }
  files.set("buf/validate/validate.proto", printProto(file_buf_validate_validate, validateHeader));
  return files;
}

/** @param {string} folder @returns {string[]} */
function list(folder) {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries.map((path) => path.replaceAll("\\", "/")).filter((path) => path.endsWith(".proto"));
}

/** @param {string} path @param {string} text */
function writeIfChanged(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

const files = collect();
for (const [path, text] of files) writeIfChanged(join(target, path), text);
for (const path of list(target)) if (!files.has(path)) rmSync(join(target, path));
