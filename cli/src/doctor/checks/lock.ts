import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { create } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { analyse, Diagnostics, lockNames } from "@potter/generator/tooling";
import { openProject } from "../../project/index.js";
import { type Check, error, messageOf, ok } from "../findings/index.js";
import { settingOf } from "./potter-plugins.js";

/** Files with locked names of GraphQL: `potter.lock`, and those that options name. */
export const lock: Check = {
  name: "potter.lock",
  step: "reading potter.lock",
  run: (folder) => {
    const files = new Set([
      ...(existsSync(resolve(folder, "potter.lock")) ? ["potter.lock"] : []),
      ...listNamed(folder),
    ]);
    if (files.size === 0) return [ok("there is no potter.lock")];
    return [...files].map((file) => {
      try {
        // Names that an empty contract lacks are no fault of the file.
        const { model } = analyse(emptyContract);
        const text = lockNames(model, readFileSync(resolve(folder, file), "utf8"), false, new Diagnostics());
        return ok(`${file} has ${text.split("\n").filter((line) => line.startsWith("graphql ")).length} names`);
      } catch (thrown) {
        return error(
          `${file}: ${messageOf(thrown)}`,
          `restore it from git, or write it again: potter lock --file ${file}`,
        );
      }
    });
  },
};

const emptyContract = create(CodeGeneratorRequestSchema, {
  fileToGenerate: ["empty.proto"],
  protoFile: [{ name: "empty.proto", syntax: "proto3" }],
});

function listNamed(folder: string): readonly string[] {
  try {
    return openProject(folder).template.plugins.flatMap((entry) => settingOf(entry, "lock") ?? []);
  } catch {
    // Another check reports that.
    return [];
  }
}
