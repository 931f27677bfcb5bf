import { readFailure } from "../../errors/index.js";
import { planRun } from "../../generation/index.js";
import { listForeign } from "../../write/index.js";
import { type Check, error, type Finding, ok, warning } from "../findings/index.js";
import { openTemplate } from "./potter-plugins.js";

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
        warning(`not compared: ${remote.name} needs network`, "potter check --only generated compares with network"),
      ];
    }
    try {
      const { plans } = await planRun(project, () => {});
      const { clean } = project.template;
      const folders = plans.map(({ plan }) => plan.folder);
      return plans.flatMap((one) => [toFinding(one), ...(clean ? listLost(one, folders) : [])]);
    } catch (thrown) {
      const failure = readFailure(thrown, folder);
      if (failure === undefined) throw thrown;
      // The check of buf says why.
      if (failure.message.startsWith("cannot start buf")) {
        return [warning("not compared: buf cannot be started", "see the check buf")];
      }
      const [first] = failure.text.split("\n");
      const count = failure.diagnostics.filter(({ severity }) => severity === "error").length;
      const more = count > 1 ? ` and ${count - 1} more` : "";
      return [
        error(
          `the contract cannot be generated: ${first?.replace(/^potter: /, "")}${more}`,
          "potter generate shows all errors",
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
      "move them, or run potter generate in place of buf generate",
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
    return warning(`${out}: a run was interrupted while it wrote ${manifest.writing.size} files`, "potter generate");
  }
  if (names.length === 0) return ok(`${out} is up to date: ${plan.unchanged} files`);
  return warning(
    `${out} is not up to date: ${some(names)}`,
    kept.length > 0 ? "potter generate; it keeps what you have changed by hand" : "potter generate",
  );
}
