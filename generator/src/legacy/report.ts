import type { Diagnostics } from "../diagnostics/index.js";
import { printOption } from "./print-option.js";
import type { Replacement } from "./replacement.js";
import { legacyOptions } from "./uses.js";

/** Reports each option of Go Potter once, with what to write instead. */
export function reportLegacy({ translation, targets }: Replacement, diagnostics: Diagnostics): void {
  const { use, why } = translation;
  const { name, number } = legacyOptions[use.option];
  const ref = { desc: use.desc, option: number };
  const conflict = targets.find(({ contradictions }) => contradictions.length > 0);
  const instead = printInstead({ translation, targets });
  if (conflict !== undefined) {
    const fields = conflict.contradictions.map((field) => `"${field}"`).join(", ");
    diagnostics.report("legacy-contradiction", ref, name, use.desc.name, fields, conflict.extension.typeName);
  } else if (targets.length === 0) diagnostics.report("legacy-without-counterpart", ref, name, use.desc.name, why);
  else diagnostics.report("legacy-option", ref, name, use.desc.name, instead.join(" "), printLost(translation));
}

/** The options to write instead; empty: they exist. */
export function printInstead({ translation: { deprecated, use }, targets }: Replacement): readonly string[] {
  const isDeprecated = use.desc.kind === "rpc" && use.desc.deprecated;
  return [
    ...targets
      .filter(({ exists, missing }) => !exists || Object.keys(missing).length > 0)
      .map(({ desc, extension, fields }) => {
        const printed = printOption(extension, fields);
        return desc.kind === "file" ? `at the top of the file ${printed}` : printed;
      }),
    ...(deprecated && !isDeprecated ? ["option deprecated = true;"] : []),
  ];
}

/** The fields without a counterpart, with what to do; empty: there are none. */
export function printLost({ lost }: Replacement["translation"]): string {
  return lost.map(({ field, why }) => `${field} (${why})`).join("; ");
}
