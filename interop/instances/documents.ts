import { generate, openapi } from "../../generator/src/index.js";
import { askForAll, askingService, type Contract, methodOf } from "./contract.js";

/** The versions of OpenAPI under test. The schemas of 3.2 equal those of 3.1. */
export const versions = ["3.0", "3.1", "3.2"] as const;
export type Version = (typeof versions)[number];

/** Whether a schema describes a request or a response. */
export const directions = ["input", "output"] as const;
export type Direction = (typeof directions)[number];

interface Media {
  readonly schema: object;
  readonly example?: unknown;
}

interface Content {
  readonly content?: { readonly [type: string]: Media };
}

interface Operation {
  readonly requestBody?: Content;
  readonly responses: { readonly [status: string]: Content };
}

/** The parts of a document that the tests read. */
export interface Document {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: { readonly schemas: { readonly [name: string]: object } };
}

/** The document of a service that takes and returns each message of a contract. Throws when none is generated. */
export function documentOf(contract: Contract, version: Version): Document {
  const options = { version, format: "json" };
  const { files, diagnostics } = generate(askForAll(contract), [{ target: openapi, options }], "interop");
  const [file] = files;
  if (file === undefined) throw new Error(`no document for ${contract.name}: ${JSON.stringify(diagnostics)}`);
  return JSON.parse(file.content) as Document;
}

/** The schema by which a document describes a message of its contract, by the message's place there. */
export function schemaOf(document: Document, index: number, direction: Direction): object {
  return mediaOf(document, index, direction).schema;
}

/** The same with the example that it has, if any. */
export function mediaOf({ paths }: Document, index: number, direction: Direction): Media {
  const path = `/${askingService}/${methodOf(index)}`;
  const operation = paths[path]?.["post"];
  if (operation === undefined) throw new Error(`no operation at ${path}, only at ${Object.keys(paths).slice(0, 3)}`);
  const content = direction === "input" ? operation.requestBody : operation.responses["200"];
  const media = content?.content?.["application/json"];
  if (media === undefined) throw new Error(`the operation at ${path} has no schema for its ${direction}`);
  return media;
}
