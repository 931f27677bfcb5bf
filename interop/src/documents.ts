import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { defaultsOf, formatPretty, type GeneratedFile, generate, openapi } from "@potter/generator";
import { baseDocument } from "./base-document.js";
import type { ApiDocument, OpenApiValue, Version } from "./document.js";

/** How documents are cut: one for all, one for each file, or one for each service. */
export const outputs = ["merged", "file", "service"] as const;

export type Output = (typeof outputs)[number];

/** The documents of a contract as JSON, generated with a contact for the API. `more`: further options of the plugin. */
export function writeDocuments(
  request: CodeGeneratorRequest,
  version: Version,
  output: Output = "merged",
  more: Readonly<Record<string, string>> = {},
): readonly ApiDocument[] {
  return writeTexts(request, version, output, "json", more).map((file) => readDocument(file, version));
}

/** A document as it was written, in JSON. */
export function readDocument({ name, content }: GeneratedFile, version: Version): ApiDocument {
  return { name, version, text: content, value: JSON.parse(content) as OpenApiValue };
}

/** The texts of the documents of a contract, by their names. Throws if the contract is wrong. */
export function writeTexts(
  request: CodeGeneratorRequest,
  version: Version,
  output: Output,
  format: "json" | "yaml",
  more: Readonly<Record<string, string>> = {},
): readonly GeneratedFile[] {
  const base = JSON.stringify(baseDocument);
  const options = { ...defaultsOf(openapi.options), version, output, format, base, ...more };
  const { files, diagnostics } = generate(request, [{ target: openapi, options }], "protoc-gen-potter-openapi");
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(`the contract is wrong:\n${formatPretty(errors)}`);
  return files;
}
