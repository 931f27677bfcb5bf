import { type Plugin, plugins, version } from "@potter/generator/tooling";
import type { PluginEntry } from "../project/index.js";
import { findPackage, programOf } from "./find-package.js";
import { type BytesPlugin, loadProtobufEs } from "./protobuf-es.js";

/** How a plugin of a template is run. */
export type Runner =
  | { readonly kind: "potter"; readonly plugin: Plugin }
  | { readonly kind: "protobuf-es"; readonly run: BytesPlugin }
  | { readonly kind: "process"; readonly command: readonly string[] }
  | { readonly kind: "buf"; readonly reason: string };

/**
 * Chooses the fastest way that gives the same bytes as buf: this process for plugins whose code it knows, in the version that the
 * project has installed.
 */
export function chooseRunner({ command, onlyBuf, name }: PluginEntry, folder: string): Runner {
  if (onlyBuf !== undefined || command === undefined) return { kind: "buf", reason: onlyBuf ?? "not a local plugin" };
  // With arguments it is another program that starts the plugin, such as npx.
  if (command.length > 1) return { kind: "process", command };
  const program = programOf(name);
  const own = plugins.find((plugin) => plugin.name === program);
  if (own !== undefined) {
    const installed = findPackage(name, folder);
    // A plugin that is not installed is no fault: this package brings its code.
    const isOwn = installed === undefined ? !/[/\\]/.test(name) : installed.version === version;
    return isOwn ? { kind: "potter", plugin: own } : { kind: "process", command };
  }
  if (program === "protoc-gen-es") {
    const installed = findPackage(name, folder);
    const run = installed === undefined ? undefined : loadProtobufEs(installed);
    if (run !== undefined) return { kind: "protobuf-es", run };
  }
  return { kind: "process", command };
}
