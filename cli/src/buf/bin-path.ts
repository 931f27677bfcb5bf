import { delimiter, dirname, join } from "node:path";

/** The PATH of scripts of a project: `node_modules/.bin` of its folder and of all folders above it come first, as with npm. */
export function pathOf(folder: string): string {
  const bins: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    bins.push(join(at, "node_modules", ".bin"));
    if (dirname(at) === at) break;
  }
  return [...bins, process.env["PATH"] ?? ""].join(delimiter);
}
