import { readFileSync } from "node:fs";
import { isAbsolute, posix, relative, resolve } from "node:path";
import { chooseTargets, plugins } from "@potter/generator/tooling";
import { programOf } from "../plugins/index.js";
import type { PluginEntry, Project } from "../project/index.js";

/** Where a project has the generated code that its own code imports. */
export interface ProjectOutputs {
  /** The plugin that generates it. */
  readonly entry: PluginEntry;
  /** The folders of the targets, relative to the project. undefined: the target is not generated. */
  readonly cqrs: string | undefined;
  readonly saga: string | undefined;
  readonly importExtension: "js" | "none" | "ts";
}

/** Reads from a template where generated code is. undefined: it generates none that takes behaviour. */
export function readOutputs({ folder, template }: Project): ProjectOutputs | undefined {
  const found = new Map<string, { readonly entry: PluginEntry; readonly options: Readonly<Record<string, string>> }>();
  for (const entry of template.plugins) {
    // A program that starts the plugin, such as npx or node, has its name behind it.
    const names = new Set((entry.command ?? []).map(programOf));
    const plugin = plugins.find(({ name }) => names.has(name));
    if (plugin === undefined) continue;
    const targets = chooseTargets(plugin, entry.parameter, (path) => readFileSync(resolve(folder, path), "utf8"));
    for (const { target, options } of targets) if (!found.has(target.name)) found.set(target.name, { entry, options });
  }
  const [cqrs, saga] = [found.get("cqrs"), found.get("saga")];
  const first = cqrs ?? saga;
  if (first === undefined) return undefined;
  const pathOf = (out: string): string => {
    const path = isAbsolute(out) ? relative(folder, out) : out;
    return posix.normalize(path.replaceAll("\\", "/")).replace(/(?<=.)\/$/, "");
  };
  const ending = first.options["import_extension"];
  return {
    entry: first.entry,
    cqrs: cqrs && pathOf(cqrs.entry.out),
    saga: saga && pathOf(saga.entry.out),
    importExtension: ending === "none" || ending === "ts" ? ending : "js",
  };
}
