import { create, maximumEdition, minimumEdition, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorResponse,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { readRequest } from "../descriptors/index.js";
import { formatPretty, type ReadText } from "../diagnostics/index.js";
import { type ChosenTarget, type GenerationResult, generate, type Transpile } from "../pipeline/index.js";
import { OptionError, type OptionSpecs, readForms, type Target } from "../targets/index.js";
import { type ReadFile, readParameter, readTargetChoice } from "./parameter.js";

/** A plugin of buf or protoc. */
export interface Plugin {
  /** Name of the executable, for errors and the headers of generated files: `protoc-gen-potter-cqrs`. */
  readonly name: string;
  /** Version of the package, for the headers of generated files. */
  readonly version: string;
  /** The targets that it can run. */
  readonly targets: readonly Target[];
  /** Whether the option `targets` selects some of them. Default: no, it runs all. */
  readonly choice?: boolean;
}

/** The output of a plugin. */
export interface PluginResult {
  /** The encoded response for the compiler: files or errors. */
  readonly response: Uint8Array;
  /** Formatted warnings for standard error; empty: none. */
  readonly warnings: string;
}

/** What a plugin may use outside of the request. */
export interface PluginAccess {
  /** Finds texts of proto files for excerpts in diagnostics. Default: no excerpts. */
  readonly readText?: ReadText;
  /** Reads files that options name. Default: none can be read. */
  readonly readFile?: ReadFile;
  /** Compiles modules to JavaScript. Default: options that ask for it are refused. */
  readonly transpile?: Transpile;
}

/**
 * Handles a request. Errors of the contract and invalid options are part of the response, as the protocol requires; an invalid
 * request throws a RequestError.
 */
export function runPlugin(
  plugin: Plugin,
  bytes: Uint8Array,
  { readText, readFile = readNothing, transpile }: PluginAccess = {},
): PluginResult {
  const request = readRequest(bytes);
  let generation: GenerationResult;
  try {
    const targets = chooseTargets(plugin, request.parameter, readFile);
    generation = generate(request, targets, `${plugin.name} v${plugin.version}`, transpile);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return { response: encode({ error: `${plugin.name}: ${error.message}` }), warnings: "" };
  }
  const { files, diagnostics } = generation;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const text = formatPretty(diagnostics, readText);
  if (errors.length > 0) return { response: encode({ error: `\n${text}` }), warnings: "" };
  return { response: encode({ file: files.map(({ name, content }) => ({ name, content })) }), warnings: text };
}

function readNothing(): never {
  throw new Error("this plugin runs without access to files");
}

/** Reads the options of a plugin: the targets that it runs, with their values. Throws an OptionError for invalid ones. */
export function chooseTargets(
  { targets, choice = false }: Plugin,
  parameter: string,
  readFile: ReadFile,
): readonly ChosenTarget[] {
  const names = targets.map(({ name }) => name);
  const { chosen, rest } = choice ? readTargetChoice(parameter, names) : { chosen: names, rest: parameter };
  const running = targets.filter(({ name }) => chosen.includes(name));
  const specs: OptionSpecs = Object.assign({}, ...running.map(({ options }) => options));
  const values = readParameter(rest, specs, readFile);
  readForms(values);
  return running.map((target) => ({ target, options: values }));
}

function encode(content: { error?: string; file?: { name: string; content: string }[] }): Uint8Array {
  const response: CodeGeneratorResponse = create(CodeGeneratorResponseSchema, {
    supportedFeatures: BigInt(
      CodeGeneratorResponse_Feature.PROTO3_OPTIONAL | CodeGeneratorResponse_Feature.SUPPORTS_EDITIONS,
    ),
    minimumEdition,
    maximumEdition,
    ...content,
  });
  return toBinary(CodeGeneratorResponseSchema, response);
}
