import { createRequire } from "node:module";
import { join } from "node:path";
import { OptionError } from "../targets/index.js";

/** What this package uses of @bufbuild/protoplugin, in whatever version is installed. */
export interface Protoplugin {
  createEcmaScriptPlugin(init: {
    readonly name: string;
    readonly version: string;
    generateTs(schema: { generateFile(name: string): { print(text: string): void } }): void;
  }): { run(request: object): { readonly file: readonly { readonly name: string; readonly content: string }[] } };
}

const name = "@bufbuild/protoplugin";

/** Loads @bufbuild/protoplugin. undefined: it is not installed. Throws an OptionError if it cannot be used. */
export function loadProtoplugin(folder: string): Protoplugin | undefined {
  const found = findProtoplugin(folder);
  if (found === undefined) return undefined;
  const { require, path } = found;
  let loaded: Partial<Protoplugin>;
  try {
    loaded = require(path) as Partial<Protoplugin>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError(`cannot load ${name}, which option "target" needs, from ${path}: ${reason}`, { cause });
  }
  const { createEcmaScriptPlugin } = loaded;
  if (typeof createEcmaScriptPlugin === "function") return { createEcmaScriptPlugin };
  throw new OptionError(`${path} has no createEcmaScriptPlugin: npm install --save-dev ${name}@2`);
}

interface Found {
  readonly require: NodeJS.Require;
  readonly path: string;
}

/** Finds what the project has installed, then what is beside this package, then what protobuf-es brings to either of them. */
function findProtoplugin(folder: string): Found | undefined {
  const places = [createRequire(join(folder, "package.json")), createRequire(import.meta.url)];
  const ofProtobufEs = places.flatMap((require) => {
    const manifest = resolve(require, "@bufbuild/protoc-gen-es/package.json");
    return manifest === undefined ? [] : [createRequire(manifest)];
  });
  for (const require of [...places, ...ofProtobufEs]) {
    const path = resolve(require, name);
    if (path !== undefined) return { require, path };
  }
  return undefined;
}

function resolve(require: NodeJS.Require, specifier: string): string | undefined {
  try {
    return require.resolve(specifier);
  } catch {
    return undefined;
  }
}
