import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { load } from "js-yaml";
import type { oas32 } from "openapi3-ts";
import { formatPretty } from "../diagnostics/index.js";
import { generate } from "../pipeline/index.js";
import { asyncapi } from "../targets/asyncapi/index.js";
import { cqrs } from "../targets/cqrs/index.js";
import { graphql } from "../targets/graphql/index.js";
import type { Target } from "../targets/index.js";
import { openapi } from "../targets/openapi/index.js";

/** The message libraries, as the option `messages` names them. */
export const messageLibraries = ["es", "ts-proto"] as const;

export type MessageLibraryName = (typeof messageLibraries)[number];

/** Texts by path. */
export type Texts = Readonly<Record<string, string>>;

/** What the target `cqrs` writes for a request. Throws if the contract is wrong. */
export function emitCqrs(request: CodeGeneratorRequest, messages: MessageLibraryName): Texts {
  return emit(request, cqrs, { messages });
}

/** Options of the target `openapi`; those that are left out have their defaults. */
export type OpenApiChoice = Readonly<
  Partial<
    Record<
      "version" | "format" | "output" | "operation_ids" | "services" | "tags" | "visibility" | "base" | "override",
      string
    >
  >
>;

/** What the target `openapi` writes for a request. Throws if the contract is wrong. */
export function emitOpenApi(request: CodeGeneratorRequest, options: OpenApiChoice = {}): Texts {
  return emit(request, openapi, options);
}

/** Options of the target `asyncapi`; those that are left out have their defaults. */
export type AsyncApiChoice = Readonly<Partial<Record<"format" | "output" | "base", string>>>;

/** What the target `asyncapi` writes for a request. Throws if the contract is wrong. */
export function emitAsyncApi(request: CodeGeneratorRequest, options: AsyncApiChoice = {}): Texts {
  return emit(request, asyncapi, options);
}

/** Options of the target `graphql`; those that are left out have their defaults. */
export type GraphQLChoice = Readonly<Partial<Record<"output" | "federation" | "lock" | "import_extension", string>>>;

/** What the target `graphql` writes for a request. Throws if the contract is wrong. */
export function emitGraphQL(request: CodeGeneratorRequest, options: GraphQLChoice = {}): Texts {
  return emit(request, graphql, options);
}

/** The one document that the target `openapi` writes for a request, read again. */
export function documentOf(request: CodeGeneratorRequest, options: OpenApiChoice = {}): oas32.OpenAPIObject {
  const [text, ...more] = Object.values(emitOpenApi(request, options));
  if (text === undefined || more.length > 0) throw new Error(`expected one document, found ${more.length + 1}`);
  return load(text) as oas32.OpenAPIObject;
}

function emit(request: CodeGeneratorRequest, target: Target, options: Readonly<Record<string, string>>): Texts {
  const { files, diagnostics } = generate(request, [{ target, options }], `protoc-gen-potter-${target.name}`);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(`the contract of a test is wrong:\n${formatPretty(errors)}`);
  return Object.fromEntries(files.map(({ name, content }) => [name, content]));
}
