import { OptionError, type OptionSpecs } from "./options.js";

/** A form of a generated module: TypeScript, JavaScript, or the declarations of that. */
export type ModuleForm = "ts" | "js" | "dts";

/** The plugin options of all targets that write modules. */
export const moduleOptions = {
  import_extension: { values: ["js", "none", "ts"], default: "js" },
  target: { anyOf: ["ts", "js", "dts"], default: "ts" },
} as const satisfies OptionSpecs;

/** Reads the forms in which modules are wanted. Throws an OptionError if their imports would lead nowhere. */
export function readForms(options: { readonly [name: string]: string }): readonly ModuleForm[] {
  const { target = moduleOptions.target.default, import_extension: extension } = options;
  const forms = moduleOptions.target.anyOf.filter((form) => target.split("+").includes(form));
  if (extension === "ts" && target !== "ts") {
    throw new OptionError(
      `option "import_extension" cannot be "ts" with target=${target}: JavaScript and declarations import files of JavaScript; ` +
        'use "js" or "none"',
    );
  }
  return forms;
}
