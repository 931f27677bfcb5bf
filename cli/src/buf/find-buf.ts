import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The program buf. */
export interface Buf {
  /** The executable to start. */
  readonly command: string;
  /** Arguments that precede all others. */
  readonly args: readonly string[];
  /** The version of the npm package; undefined for a program of the PATH. */
  readonly version: string | undefined;
}

/** What npm packages call processors, where it differs from Node. */
const processors: Readonly<Record<string, string>> = { "linux-arm64": "linux-aarch64", "linux-arm": "linux-armv7" };

/**
 * Finds the buf of a project: the binary of its npm package @bufbuild/buf, which starts four times as fast as the wrapper of the
 * package; else the wrapper; else the program of the PATH.
 */
export function findBuf(folder: string): Buf {
  const manifest = resolve(join(folder, "package.json"), "@bufbuild/buf/package.json");
  if (manifest === undefined) return { command: "buf", args: [], version: undefined };
  const version = bufVersion(readFileSync(manifest, "utf8"));
  const platform = `${process.platform}-${process.arch}`;
  const program = process.platform === "win32" ? "bin/buf.exe" : "bin/buf";
  const binary = resolve(manifest, `@bufbuild/buf-${processors[platform] ?? platform}/${program}`);
  if (binary !== undefined && existsSync(binary)) return { command: binary, args: [], version };
  return { command: process.execPath, args: [join(dirname(manifest), "bin/buf")], version };
}

/** The version in the text of a package.json. */
function bufVersion(manifest: string): string | undefined {
  const { version } = JSON.parse(manifest) as { readonly version?: unknown };
  return typeof version === "string" ? version : undefined;
}

function resolve(from: string, specifier: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}
