import type { GeneratedFile } from "../output/index.js";
import { type ModuleForm, OptionError } from "../targets/index.js";

/** A form that is compiled from TypeScript: JavaScript, or its declarations. */
export type CompiledForm = "js" | "dts";

/**
 * Compiles modules of TypeScript, each by itself: `orders_cqrs.ts` becomes `orders_cqrs.js`, `orders_cqrs.d.ts` or both. Throws an
 * OptionError if what it needs is not installed.
 */
export type Transpile = (modules: readonly GeneratedFile[], forms: readonly CompiledForm[]) => readonly GeneratedFile[];

/** The files of a target, and the forms in which its modules are wanted. */
export interface EmittedFiles {
  readonly files: readonly GeneratedFile[];
  readonly forms: readonly ModuleForm[];
}

const extensions: Readonly<Record<ModuleForm, string>> = { ts: ".ts", js: ".js", dts: ".d.ts" };

/** Gives the modules of targets the forms that are wanted. Other files, such as documents, stay as they are. */
export function toForms(emitted: readonly EmittedFiles[], transpile: Transpile): readonly GeneratedFile[] {
  // The proto file of which each is generated.
  const wanted = new Map<string, string | undefined>();
  const modules: GeneratedFile[] = [];
  const compiled = new Set<CompiledForm>();
  const files: GeneratedFile[] = [];
  for (const { files: own, forms } of emitted) {
    const others = forms.filter((form) => form !== "ts");
    for (const file of own) {
      if (!file.name.endsWith(extensions.ts)) {
        files.push(file);
        continue;
      }
      if (forms.includes("ts")) files.push(file);
      if (others.length > 0) modules.push(file);
      for (const form of others) {
        compiled.add(form);
        wanted.set(`${file.name.slice(0, -extensions.ts.length)}${extensions[form]}`, file.source);
      }
    }
  }
  if (modules.length === 0) return files;
  // All modules at once: a call costs more than a module.
  return [
    ...files,
    ...transpile(modules, [...compiled])
      .filter(({ name }) => wanted.has(name))
      .map((file) => withSource(file, wanted.get(file.name))),
  ];
}

function withSource(file: GeneratedFile, source: string | undefined): GeneratedFile {
  return source === undefined ? file : { ...file, source };
}

/** For programs that generate TypeScript only. */
export function refuseToTranspile(_modules: readonly GeneratedFile[], forms: readonly CompiledForm[]): never {
  throw new OptionError(`target=${forms.join("+")} needs a transpiler: pass one of createTranspiler`);
}
