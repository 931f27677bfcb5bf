import { type Choices, dependenciesOf } from "../choices/index.js";
import { addToObject } from "./insert-json.js";
import type { Edited, Snippet } from "./plan.js";

const path = "package.json";

type Fields = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

/** Adds the script and the packages to a package.json; undefined: there is none. A package that is there keeps its range. */
export function editManifest(
  text: string | undefined,
  name: string,
  choices: Choices,
  hasLocalMessages: boolean,
): Edited {
  const before = text ?? `${JSON.stringify({ name, private: true, type: "module" }, undefined, 2)}\n`;
  const fields = readFields(before);
  const lists = dependenciesOf(choices);
  const has = (name: string): boolean =>
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].some(
      (list) => fields?.[list]?.[name] !== undefined,
    );
  const missing = (list: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(list).filter(([name]) => !has(name) && (hasLocalMessages || !messagePlugins.includes(name))),
    );
  const scripts = fields?.["scripts"] ?? {};
  const isCalled = Object.values(scripts).some((script) => /\bpotter (?:generate|watch)\b/.test(script));
  const isTaken = scripts["generate"] !== undefined;
  const additions = {
    scripts: !isCalled && !isTaken ? { generate: "potter generate" } : {},
    dependencies: missing(lists.dependencies),
    devDependencies: missing(lists.devDependencies),
  };
  const snippets: Snippet[] = [];
  if (isTaken && !isCalled) {
    const reason = `its script "generate" is another one: call potter generate in it, or in a script of another name`;
    snippets.push({ path, reason, text: `"potter:generate": "potter generate"` });
  }
  let next: string | undefined = before;
  for (const [key, entries] of Object.entries(additions)) next = next && addToObject(next, key, entries);
  if (fields !== undefined && next !== undefined) return { text: next, snippets };
  const reason = "it cannot be edited, since it is not a JSON object of the usual form: add";
  return { text: before, snippets: [{ path, reason, text: JSON.stringify(additions, undefined, 2) }] };
}

const messagePlugins = ["@bufbuild/protoc-gen-es", "ts-proto"];

function readFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
