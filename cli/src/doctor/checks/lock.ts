import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { create } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { analyse, Diagnostics, lockNames } from "@potter/generator/tooling";
import { parseLockFile, summarizeLock } from "../../lock-file/index.js";
import { openProject } from "../../project/index.js";
import { type Check, error, messageOf, ok } from "../findings/index.js";
import { settingOf } from "./template-options.js";

/** Files with the recorded contract: `potter.lock`, and those that options name. */
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
        const text = readFileSync(resolve(folder, file), "utf8");
        lockNames(model, text, false, new Diagnostics());
        parseLockFile(text, file);
        return ok(`${file} records ${summarizeLock(text)}`);
      } catch (thrown) {
        return error(
          `${file}: ${messageOf(thrown)}`,
          `restore it from git, or delete it and write it again: npx potter lock --file ${file}`,
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
