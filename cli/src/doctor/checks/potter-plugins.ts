import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { chooseTargets, plugins } from "@potter/generator/tooling";
import { programOf } from "../../plugins/index.js";
import { openProject, type PluginEntry, type Project } from "../../project/index.js";
import { type Finding, messageOf, warning } from "../findings/index.js";

/** A plugin of Potter in a template, with the options of its targets, or what is wrong with them. */
export interface PotterPlugin {
  readonly entry: PluginEntry;
  readonly targets: readonly { readonly name: string; readonly options: Readonly<Record<string, string>> }[];
  /** Why its options are invalid. undefined: they are valid. */
  readonly problem: string | undefined;
}

/** Lists the plugins of Potter in a template, also if another program starts them, such as npx. */
export function listPotterPlugins({ folder, template }: Project): readonly PotterPlugin[] {
  return template.plugins.flatMap((entry): readonly PotterPlugin[] => {
    const names = (entry.command ?? []).map(programOf);
    const plugin = plugins.find(({ name }) => names.includes(name));
    if (plugin === undefined) return [];
    try {
      const chosen = chooseTargets(plugin, entry.parameter, (path) => readFileSync(resolve(folder, path), "utf8"));
      return [
        { entry, targets: chosen.map(({ target, options }) => ({ name: target.name, options })), problem: undefined },
      ];
    } catch (thrown) {
      return [{ entry, targets: [], problem: messageOf(thrown) }];
    }
  });
}

/** The values of an option over all plugins of Potter that have it. */
export function valuesOf(all: readonly PotterPlugin[], option: string): ReadonlySet<string> {
  return new Set(
    all.flatMap(({ targets }) =>
      targets.flatMap(({ options }) => (options[option] === undefined ? [] : [options[option]])),
    ),
  );
}

/** The value of an option of another plugin, as it is written: `import_extension=js`. undefined: it is not set. */
export function settingOf({ parameter }: PluginEntry, option: string): string | undefined {
  const pairs = parameter.split(",").map((pair) => pair.trim());
  return pairs.findLast((pair) => pair.startsWith(`${option}=`))?.slice(option.length + 1);
}

/** The project, or a finding in place of a check that needs the template: the check of the template says what is wrong with it. */
export function openTemplate(folder: string): Project | Finding {
  try {
    return openProject(folder);
  } catch {
    return warning("not checked: buf.gen.yaml cannot be used", "mend buf.gen.yaml first");
  }
}
