import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { CliError } from "../../cli-error.js";
import { type Choices, defaults } from "../choices/index.js";
import { editManifest } from "./edit-manifest.js";
import { editTemplate } from "./edit-template.js";
import { editWorkspace } from "./edit-workspace.js";
import type { AdoptionPlan, Edit } from "./plan.js";

/** Whether a folder is that of a project that uses buf. */
export function isBufProject(folder: string): boolean {
  return ["buf.yaml", "buf.gen.yaml", "buf.work.yaml"].some((file) => existsSync(join(folder, file)));
}

/**
 * Plans how a project that uses buf begins to use Potter, by what the user chose. Without a store, no driver is added. Reads only. Throws a CliError for a file that is not YAML or cannot be
 * read.
 */
export function planAdoption(folder: string, name: string, chosen: Partial<Choices>): AdoptionPlan {
  const old = {
    workspace: readYaml(folder, "buf.yaml"),
    template: readYaml(folder, "buf.gen.yaml"),
    manifest: readFile(folder, "package.json"),
  };
  if (old.workspace === undefined && existsSync(join(folder, "buf.work.yaml"))) {
    throw new CliError(
      `${join(folder, "buf.work.yaml")} is of version v1: run npx buf config migrate, then potter init again`,
    );
  }
  if (old.workspace === undefined && !existsSync(join(folder, "proto"))) {
    throw new CliError(
      "there is no buf.yaml that says where the proto files are: write one with npx buf config init, then run potter init again",
    );
  }
  const choices = { ...defaults, store: "memory" as const, ...chosen };
  const workspace = editWorkspace(old.workspace);
  const template = editTemplate(old.template, choices, workspace.inputs, chosen);
  const { messages, targets, isLocal } = template;
  const manifest = editManifest(old.manifest, name, { ...choices, messages, targets }, isLocal);
  const edits: Edit[] = [
    { path: "buf.yaml", old: old.workspace, text: workspace.text },
    { path: "buf.gen.yaml", old: old.template, text: template.text },
    { path: "package.json", old: old.manifest, text: manifest.text },
  ];
  return {
    edits: edits.filter((edit) => edit.old !== edit.text),
    snippets: [...workspace.snippets, ...template.snippets, ...manifest.snippets],
  };
}

function readYaml(folder: string, name: string): string | undefined {
  const text = readFile(folder, name);
  const [error] = text === undefined ? [] : parseDocument(text).errors;
  if (error !== undefined) throw new CliError(`${name}: invalid YAML: ${error.message}`);
  return text;
}

function readFile(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new CliError(`cannot read ${join(folder, name)}: ${message}`);
  }
}
