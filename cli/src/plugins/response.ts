import { posix } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorResponse,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { CliError } from "../cli-error.js";

/** A file that a plugin has generated; `name` is its path below `out`, with slashes. */
export interface PluginFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a plugin has generated in all its runs. */
export interface GeneratedFiles<File extends PluginFile = PluginFile> {
  readonly files: readonly File[];
  /** Names that several runs have generated: the first one counts, as with buf. */
  readonly repeated: readonly string[];
}

/** The plugin adds text to files of other plugins: only buf can do that. */
export class InsertionPoint extends Error {}

/** Decodes the response of a plugin. Throws a CliError with the error that the plugin reports. */
export function readResponse(plugin: string, bytes: Uint8Array, editions: readonly number[]): readonly PluginFile[] {
  const response = decode(plugin, bytes);
  if (response.error !== "") throw new CliError(`${plugin}: ${response.error}`);
  checkEditions(plugin, response, editions);
  const files: { name: string; text: string }[] = [];
  for (const { name, content, insertionPoint } of response.file) {
    if (insertionPoint !== "") throw new InsertionPoint(plugin);
    const last = files.at(-1);
    // A file may come in pieces, of which only the first has a name.
    if (name === "" && last !== undefined) last.text += content;
    else files.push({ name, text: content });
  }
  const encoder = new TextEncoder();
  return files.map(({ name, text }) => ({ name: checkName(plugin, name), bytes: encoder.encode(text) }));
}

function decode(plugin: string, bytes: Uint8Array): CodeGeneratorResponse {
  try {
    return fromBinary(CodeGeneratorResponseSchema, bytes);
  } catch {
    throw new CliError(`${plugin} wrote no response of a plugin to its standard output: is it a plugin of protoc?`);
  }
}

function checkEditions(plugin: string, response: CodeGeneratorResponse, editions: readonly number[]): void {
  if (editions.length === 0) return;
  const supports = (response.supportedFeatures & BigInt(CodeGeneratorResponse_Feature.SUPPORTS_EDITIONS)) !== 0n;
  const { minimumEdition, maximumEdition } = response;
  const isWithin = editions.every((edition) => edition >= minimumEdition && edition <= maximumEdition);
  if (supports && isWithin) return;
  throw new CliError(`${plugin} does not support the edition of some of your proto files: use a later version of it`);
}

/** Files stay within their folder. */
function checkName(plugin: string, name: string): string {
  const path = posix.normalize(name);
  if (name !== "" && !posix.isAbsolute(path) && path !== ".." && !path.startsWith("../") && !/^[a-z]:/i.test(path))
    return path;
  throw new CliError(`${plugin} wants to write ${JSON.stringify(name)}, which is outside of its folder`);
}

/** Puts the files of the runs of a plugin together. */
export function mergeFiles<File extends PluginFile>(runs: readonly (readonly File[])[]): GeneratedFiles<File> {
  const files = new Map<string, File>();
  const repeated = new Set<string>();
  for (const file of runs.flat()) {
    if (files.has(file.name)) repeated.add(file.name);
    else files.set(file.name, file);
  }
  return { files: [...files.values()], repeated: [...repeated] };
}
