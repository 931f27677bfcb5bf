import { create } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import type { GeneratedFile } from "../output/index.js";
import { type CompiledForm, type Transpile, version } from "../pipeline/index.js";
import { OptionError } from "../targets/index.js";
import { loadProtoplugin, type Protoplugin } from "./load-protoplugin.js";

/**
 * Creates a transpiler by @bufbuild/protoplugin, as it is installed in a folder, beside this package, or with protobuf-es. It is
 * loaded by the first call, since it loads a TypeScript compiler.
 */
export function createTranspiler(folder: string): Transpile {
  return (modules, forms) => {
    const target = ["js", "dts"].filter((form) => forms.some((one) => one === form)).join("+");
    const protoplugin = loadProtoplugin(folder);
    if (protoplugin === undefined) {
      throw new OptionError(
        `target=${target} needs @bufbuild/protoplugin, which is not installed in ${folder}: ` +
          "npm install --save-dev @bufbuild/protoplugin",
      );
    }
    return transpile(protoplugin, modules, forms, target);
  };
}

function transpile(
  { createEcmaScriptPlugin }: Protoplugin,
  modules: readonly GeneratedFile[],
  forms: readonly CompiledForm[],
  target: string,
): readonly GeneratedFile[] {
  const headers = new Map<string, string>();
  const plugin = createEcmaScriptPlugin({
    name: "potter",
    version: `v${version}`,
    generateTs(schema) {
      for (const { name, content } of modules) {
        const { header, body } = splitHeader(content);
        const stem = name.slice(0, -".ts".length);
        for (const form of forms) headers.set(`${stem}${form === "js" ? ".js" : ".d.ts"}`, header);
        schema.generateFile(name).print(body);
      }
    },
  });
  // A request without proto files: the modules are there already.
  const { file } = plugin.run(create(CodeGeneratorRequestSchema, { parameter: `target=${target}` }));
  return file.map(({ name, content }) => ({ name, content: `${headers.get(name)}\n\n${content}` }));
}

/** The compiler drops the first comment of a file whose imports it drops, so the header is added to what it writes. */
function splitHeader(content: string): { readonly header: string; readonly body: string } {
  const end = content.indexOf("\n");
  return { header: content.slice(0, end), body: content.slice(end).trim() };
}
