import type { PotterPlugin } from "../../plugins/index.js";
import { openProject, type PluginEntry, type Project } from "../../project/index.js";
import { type Finding, warning } from "../findings/index.js";

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
