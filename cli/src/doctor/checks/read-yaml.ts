import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { messageOf } from "../findings/index.js";

/** A YAML file of buf, or why it cannot be read, in one line with its place. */
export type YamlFile = { readonly value: unknown } | { readonly problem: string };

/** Reads a YAML file of a folder. undefined: there is none. */
export function readYaml(folder: string, name: string): YamlFile | undefined {
  const path = join(folder, name);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    return { problem: `${name} cannot be read: ${messageOf(thrown)}` };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem === undefined) return { value: document.toJS() };
  const { line, col } = lines.linePos(problem.pos[0]);
  return { problem: `${name}:${line}:${col}: invalid YAML: ${problem.message}` };
}
