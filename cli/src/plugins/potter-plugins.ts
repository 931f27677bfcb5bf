import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { chooseTargets, plugins } from "@potter/generator/tooling";
import type { PluginEntry, Project } from "../project/index.js";
import { programOf } from "./find-package.js";

/** A plugin of Potter in a template, with the options of its targets, or what is wrong with them. */
export interface PotterPlugin {
  readonly entry: PluginEntry;
  readonly targets: readonly { readonly name: string; readonly options: Readonly<Record<string, string>> }[];
  /** Whether its option `targets` says what it generates. */
  readonly hasChoice: boolean;
  /** Why its options are invalid. undefined: they are valid. */
  readonly problem: string | undefined;
}

/** Lists the plugins of Potter in a template, also if another program starts them, such as npx. */
export function listPotterPlugins({ folder, template }: Project): readonly PotterPlugin[] {
  return template.plugins.flatMap((entry): readonly PotterPlugin[] => {
    const names = (entry.command ?? []).map(programOf);
    const plugin = plugins.find(({ name }) => names.includes(name));
    if (plugin === undefined) return [];
    const hasChoice = plugin.choice === true;
    try {
      const chosen = chooseTargets(plugin, entry.parameter, (path) => readFileSync(resolve(folder, path), "utf8"));
      const targets = chosen.map(({ target, options }) => ({ name: target.name, options }));
      return [{ entry, targets, hasChoice, problem: undefined }];
    } catch (thrown) {
      return [{ entry, targets: [], hasChoice, problem: thrown instanceof Error ? thrown.message : String(thrown) }];
    }
  });
}
