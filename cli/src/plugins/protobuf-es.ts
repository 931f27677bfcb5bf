import { createRequire } from "node:module";
import { join } from "node:path";
import type { InstalledPackage } from "./find-package.js";
import { withLazyTypeScript } from "./lazy-typescript.js";

/** Runs a plugin: an encoded CodeGeneratorRequest to an encoded CodeGeneratorResponse. Throws if the plugin refuses the request. */
export type BytesPlugin = (request: Uint8Array) => Uint8Array;

/** A plugin made with @bufbuild/protoplugin: messages of its own copy of @bufbuild/protobuf in and out. */
interface PluginOfProtoplugin {
  run(request: object): object;
}

/** The parts of @bufbuild/protobuf that this uses, in whatever version the plugin has. */
interface ProtobufOfPlugin {
  fromBinary(schema: unknown, bytes: Uint8Array): object;
  toBinary(schema: unknown, message: object): Uint8Array;
}

/** The file of the plugin in its package, which has no public path to it. */
const pluginPath = "dist/cjs/src/protoc-gen-es-plugin.js";

/**
 * Loads protoc-gen-es into this process. It gets and returns bytes, because it has its own copy of @bufbuild/protobuf, whose messages
 * are not those of another version. undefined: this version is built differently, so it must run as a process.
 */
export function loadProtobufEs({ folder, version }: InstalledPackage): BytesPlugin | undefined {
  if (!version.startsWith("2.")) return undefined;
  try {
    const require = createRequire(join(folder, "package.json"));
    const load = () => require(join(folder, pluginPath)) as { readonly protocGenEs?: PluginOfProtoplugin };
    const { protocGenEs } = withLazyTypeScript(require, load);
    if (typeof protocGenEs?.run !== "function") return undefined;
    const { fromBinary, toBinary } = require("@bufbuild/protobuf") as ProtobufOfPlugin;
    const { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } = require("@bufbuild/protobuf/wkt") as {
      readonly CodeGeneratorRequestSchema: unknown;
      readonly CodeGeneratorResponseSchema: unknown;
    };
    return (request) =>
      toBinary(CodeGeneratorResponseSchema, protocGenEs.run(fromBinary(CodeGeneratorRequestSchema, request)));
  } catch {
    return undefined;
  }
}
