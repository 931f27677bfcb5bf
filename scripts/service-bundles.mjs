// Services as users bundle them: `createApp`, REST, the store in memory, and what generated code imports.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = join(fileURLToPath(import.meta.url), "../..");

/**
 * The code of a service whose generated code imports these names of `@potter/runtime/codegen/v1` as values.
 *
 * @param {readonly string[]} names
 */
const serviceOf = (names) => `
  export { createApp } from "./runtime/src/index.ts";
  export { ${["defineError", "defineService", "es", "httpBinding", ...names].join(", ")} } from "./runtime/src/codegen/index.ts";
  export { enumDesc, fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
`;

const aggregates = ["defineAggregate", "defineEvent"];
const readModels = ["defineEvent", "defineReadModel"];
const both = ["defineAggregate", "defineEvent", "defineReadModel"];

/** By what the contract of the service declares. */
export const services = [
  { name: "handlers only", code: serviceOf([]) },
  { name: "aggregates", code: serviceOf(aggregates) },
  { name: "read models", code: serviceOf(readModels) },
  { name: "aggregates and read models", code: serviceOf(both) },
  { name: "these and personal fields", code: serviceOf([...both, "personalData"]) },
  { name: "these and rules", code: serviceOf([...both, "personalData", "protovalidate"]) },
];

/**
 * Bundles code for any platform with `fetch`: minified, in one file, without code splitting.
 *
 * @param {string} code
 */
export function bundleNeutral(code) {
  return build({
    stdin: { contents: code, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
    logLevel: "silent",
  });
}

/**
 * The size of a bundle, zipped, in kB of 1000 bytes.
 *
 * @param {import("esbuild").BuildResult & { outputFiles: import("esbuild").OutputFile[] }} bundle
 */
export function zippedSize({ outputFiles }) {
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array()).byteLength / 1000;
}

/**
 * The paths of the files of which something is left in a bundle, and how many bytes.
 *
 * @param {import("esbuild").BuildResult} bundle
 * @returns {readonly (readonly [path: string, bytes: number])[]}
 */
export function filesOf({ metafile }) {
  return Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [/** @type {const} */ ([path, bytesInOutput])] : [],
    ),
  );
}
