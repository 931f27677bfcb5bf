// Loads the runtime under the virtual clock, with one guard removed on demand.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { observeRows } from "./observed-rows.mjs";
import { takeOverTime } from "./world.mjs";

const dist = new URL("../../runtime/dist/", import.meta.url);

/** Returns modules of the runtime with some of their text replaced, by URL. `edits`: `{ file, from, to }`, `file` below `runtime/dist`. */
export function patchModules(edits = []) {
  const patched = new Map();
  for (const { file, from, to } of edits) {
    const url = new URL(file, dist).href;
    const before = patched.get(url) ?? readFileSync(new URL(url), "utf8");
    if (!before.includes(from)) throw new Error(`${file} does not contain the guard: ${from}`);
    patched.set(url, before.replace(from, to));
  }
  return patched;
}

/** Makes later imports load modules with replaced texts. */
function patchImports(edits) {
  const patched = patchModules(edits);
  if (patched.size === 0) return;
  const source = `const patched = new Map(${JSON.stringify([...patched])});
    export async function load(url, context, next) {
      const source = patched.get(url);
      return source === undefined ? next(url, context) : { format: "module", source, shortCircuit: true };
    }`;
  register(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** Loads the runtime under the virtual clock. */
export async function loadRuntime(edits) {
  patchImports(edits);
  takeOverTime();
  // Errors are part of most schedules, and nobody reads their stacks.
  Error.stackTraceLimit = 0;
  const load = (file) => import(new URL(file, dist).href);
  const folders = [
    "aggregate/commands",
    "aggregate/events",
    "cqrs",
    "errors",
    "saga/engine",
    "store/memory",
    "store/rows",
  ];
  const files = folders.map((folder) => load(`${folder}/index.js`));
  const [
    { createCommandHandlers },
    { EventCatalog },
    { createBus },
    { PotterError },
    { SagaEngine },
    { memory },
    { RowBuffer, RowReads, RowTransactor },
  ] = await Promise.all(files);
  return {
    ...{ createCommandHandlers, EventCatalog, createBus, PotterError, SagaEngine, memory, RowReads, RowTransactor },
    ObservedRows: observeRows(RowBuffer),
  };
}
