import { countOf } from "../../count-of.js";
import { readFailure } from "../../errors/index.js";
import { planRun } from "../../generation/index.js";
import { findSagasWithoutCode } from "../../plugins/index.js";
import { listForeign } from "../../write/index.js";
import { type Check, error, type Finding, ok, warning } from "../findings/index.js";
import { isAboutBufYaml } from "./buf-yaml.js";
import { openTemplate } from "./template-options.js";

/** Generated files: the contract is generated in memory, and compared with what is there. */
export const generated: Check = {
  name: "generated",
  step: "generating in memory",
  run: async (folder) => {
    const project = openTemplate(folder);
    if ("status" in project) return [project];
    const remote = project.template.plugins.find(({ command }) => command === undefined);
    if (remote !== undefined) {
      return [
        warning(
          `not compared: ${remote.name} needs network`,
          "npx potter check --only generated compares with network",
        ),
      ];
    }
    try {
      const { outputs, plans } = await planRun(project, () => {});
      const advice = findSagasWithoutCode(project, outputs.passes);
      const { clean } = project.template;
      const folders = plans.map(({ plan }) => plan.folder);
      return [
        ...plans.flatMap((one) => [toFinding(one), ...(clean ? listLost(one, folders) : [])]),
        ...(advice === undefined ? [] : [warning(advice.message, advice.remedy)]),
      ];
    } catch (thrown) {
      const failure = readFailure(thrown, folder);
      if (failure === undefined) throw thrown;
      // The check of buf says why.
      if (failure.message.startsWith("cannot start buf")) {
        return [warning("not compared: buf cannot be started", "see the check buf")];
      }
      const errors = failure.diagnostics.filter(({ severity }) => severity === "error");
      const more = errors.length > 1 ? ` and ${errors.length - 1} more` : "";
      if (isAboutBufYaml(failure.message)) {
        return [warning("not compared: buf.yaml cannot be used", "mend buf.yaml first")];
      }
      // A place and a message are one line; what buf says without a place may be several.
      const text = errors.length > 0 ? failure.text.split("\n")[0] : failure.text;
      return [
        error(
          `the contract cannot be generated: ${text?.replace(/^potter: /, "")}${more}`,
          errors[0]?.hint ?? "npx potter generate shows all errors",
        ),
      ];
    }
  },
};

type PlannedFolder = Awaited<ReturnType<typeof planRun>>["plans"][number];

/** What `buf generate` would delete with `clean: true`. `potter generate` deletes only what it has written. */
function listLost({ out, plan }: PlannedFolder, folders: readonly string[]): readonly Finding[] {
  const foreign = listForeign(plan, folders);
  if (foreign.length === 0) return [];
  return [
    warning(
      `clean: true: buf generate would delete files in ${out} that are not generated: ${some(foreign)}`,
      "move them, or run npx potter generate in place of buf generate",
    ),
  ];
}

function some(names: readonly string[]): string {
  return names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
}

function toFinding({ out, plan }: PlannedFolder): Finding {
  const { writes, deletes, kept, manifest } = plan;
  const names = [...writes.keys(), ...deletes, ...kept].sort();
  if (manifest.writing.size > 0) {
    return warning(
      `${out}: a run was interrupted while it wrote ${countOf(manifest.writing.size, "file")}`,
      "npx potter generate",
    );
  }
  if (names.length === 0) return ok(`${out} is up to date: ${countOf(plan.unchanged, "file")}`);
  return warning(
    `${out} is not up to date: ${some(names)}`,
    kept.length > 0 ? "npx potter generate; it keeps what you have changed by hand" : "npx potter generate",
  );
}
