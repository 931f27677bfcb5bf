import { create, maximumEdition, minimumEdition, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorResponse,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { readRequest } from "../descriptors/index.js";
import { formatPretty, type ReadText } from "../diagnostics/index.js";
import { type ChosenTarget, type GenerationResult, generate } from "../pipeline/index.js";
import { OptionError, type OptionSpecs, type Target } from "../targets/index.js";
import { type ReadFile, readChoice, readParameter } from "./parameter.js";

/** A plugin of the protocol between compilers and generators. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
  /** The targets it can run. With more than one to choose from, the option `targets` says which: all of them by default. */
  readonly targets: readonly Target[];
  /** Whether users choose among the targets. */
  readonly choice?: boolean;
}

/** What a plugin has to say: the answer for the compiler, and what is worth telling besides. */
export interface PluginResult {
  readonly response: Uint8Array;
  readonly warnings: string;
}

/**
 * Answers a request. A contract that is wrong and an option that is not known are told in the answer, as the
 * protocol has it; a request that is none throws a RequestError.
 */
export function runPlugin(
  plugin: Plugin,
  bytes: Uint8Array,
  readText?: ReadText,
  readFile: ReadFile = readNothing,
): PluginResult {
  const request = readRequest(bytes);
  let generation: GenerationResult;
  try {
    const targets = chooseTargets(plugin, request.parameter, readFile);
    generation = generate(request, targets, `${plugin.name} v${plugin.version}`);
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
  throw new Error("there are no files here");
}

function chooseTargets(
  { targets, choice = false }: Plugin,
  parameter: string,
  readFile: ReadFile,
): readonly ChosenTarget[] {
  const names = targets.map(({ name }) => name);
  const { chosen, rest } = choice ? readChoice(parameter, names) : { chosen: names, rest: parameter };
  const running = targets.filter(({ name }) => chosen.includes(name));
  const specs: OptionSpecs = Object.assign({}, ...running.map(({ options }) => options));
  const values = readParameter(rest, specs, readFile);
  return running.map((target) => ({ target, options: values }));
}

function encode(answer: { error?: string; file?: { name: string; content: string }[] }): Uint8Array {
  const response: CodeGeneratorResponse = create(CodeGeneratorResponseSchema, {
    supportedFeatures: BigInt(
      CodeGeneratorResponse_Feature.PROTO3_OPTIONAL | CodeGeneratorResponse_Feature.SUPPORTS_EDITIONS,
    ),
    minimumEdition,
    maximumEdition,
    ...answer,
  });
  return toBinary(CodeGeneratorResponseSchema, response);
}
