import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findInstalled } from "../packages/index.js";

/** An error of the compiler that comes of settings, not of code. */
export interface SettingError {
  /** With its place, in one line. */
  readonly message: string;
  readonly remedy: string;
}

/** What settings of a project must change so that these errors are gone, by their codes. Others are errors of code. */
const remedies: readonly (readonly [readonly number[], string])[] = [
  [[1378, 1432], '"module": "nodenext" and "target": "es2022" or later'],
  [[1286, 1287, 1295, 1309, 1479], '"type": "module" in package.json, and "module": "nodenext"'],
  [[2580, 2591], '"types": ["node"], and npm install --save-dev @types/node'],
  [[2688], "install the package that has these types, or remove its name from types"],
  [[2550, 2583, 2737, 2802], '"target": "es2022" or later, and no "lib", or one of the same release'],
  [[2792], '"module": "nodenext"'],
];

/** Options by which the compiler writes nothing, whatever is configured. */
const quiet = ["--noEmit", "--composite", "false", "--incremental", "false", "--pretty", "false"];

/**
 * Compiles a project without writing, by the TypeScript that it has installed. Returns the errors that come of settings, of each kind
 * the first. Nothing if TypeScript is not installed.
 */
export async function askCompiler(path: string, folder: string): Promise<readonly SettingError[]> {
  const compiler = findInstalled("typescript", folder);
  const program = compiler && join(compiler.folder, "bin/tsc");
  if (program === undefined || !existsSync(program)) return [];
  const text = await new Promise<string>((done) => {
    const options = { cwd: folder, maxBuffer: 1 << 28, windowsHide: true };
    execFile(process.execPath, [program, "-p", path, ...quiet], options, (_, stdout) => done(stdout));
  });
  const found = new Map<string, { readonly message: string; readonly remedy: string; count: number }>();
  for (const line of text.split(/\r?\n/)) {
    const [, place = "", code = "", message = ""] = /^(?:(\S.*?\(\d+,\d+\)): )?error TS(\d+): (.*)$/.exec(line) ?? [];
    const remedy = code === "" ? undefined : remedyOf(Number(code), place, message);
    if (remedy === undefined) continue;
    const shown = place.replace(/\((\d+),(\d+)\)$/, ":$1:$2: ");
    const known = found.get(remedy) ?? { message: `${shown}TS${code}: ${message}`, remedy, count: 0 };
    known.count += 1;
    found.set(remedy, known);
  }
  return [...found.values()].map(({ message, remedy, count }) => ({
    message: count > 1 ? `${message} And ${count - 1} more` : message,
    remedy,
  }));
}

function remedyOf(code: number, place: string, message: string): string | undefined {
  const known = remedies.find(([codes]) => codes.includes(code))?.[1];
  if (known !== undefined) return known;
  if (code === 2307 && message.includes("'node:")) return remedyOf(2591, place, message);
  // Errors of the configuration have no place, or one in it. No inputs are no fault; others come of the options above.
  const isSetting = place === "" || /\.json\(\d+,\d+\)$/.test(place);
  if (!isSetting || code === 18002 || code === 18003 || /'(?:noEmit|composite|incremental)'/.test(message))
    return undefined;
  return "change that setting: https://www.typescriptlang.org/tsconfig";
}
