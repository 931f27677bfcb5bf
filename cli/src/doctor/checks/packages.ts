import { existsSync } from "node:fs";
import { join } from "node:path";
import { version as own, plugins } from "@potter/generator/tooling";
import { type Check, error, type Finding, ok, warning } from "../findings/index.js";
import { findInstalled, isInRange, isInstalled, readManifest } from "../packages/index.js";

/** The packages of Potter that a project may have. */
const potter = [
  "@potter/cli",
  "@potter/client",
  "@potter/generator",
  "@potter/runtime",
  ...plugins.map(({ name }) => name),
];

/** Packages of Potter, all of one version, and what `@potter/runtime` runs on. */
export const packages: Check = {
  name: "packages",
  step: "looking at packages",
  run: (folder) => {
    const path = join(folder, "package.json");
    const manifest = readManifest(path);
    if (manifest === undefined) {
      return existsSync(path)
        ? [error("package.json cannot be read: it is no valid JSON, or you may not read it", "mend package.json")]
        : [
            warning(
              "there is no package.json",
              "npm init, or run potter in the folder of your project: --cwd <folder>",
            ),
          ];
    }
    const missing = Object.keys(manifest.dependencies).filter((name) => !isInstalled(name, folder));
    return [
      ...(missing.length === 0
        ? []
        : [error(`package.json names packages that are not installed: ${missing.join(", ")}`, "npm install")]),
      ...checkVersions(folder),
      ...(missing.includes("@potter/runtime") ? [] : checkRuntime(folder)),
    ];
  },
};

function checkVersions(folder: string): readonly Finding[] {
  const installed = potter.flatMap((name) => {
    const found = findInstalled(name, folder);
    return found === undefined ? [] : [{ name, version: found.manifest.version }];
  });
  const others = installed.filter(({ version }) => version !== own);
  if (installed.length === 0) return [];
  if (others.length === 0) return [ok(`all packages of Potter have version ${own}`)];
  const list = others.map(({ name, version }) => `${name} ${version}`).join(", ");
  return [
    error(
      `packages of Potter differ from this potter, version ${own}: ${list}`,
      `npm install ${others.map(({ name }) => `${name}@${own}`).join(" ")}, or the other version of all of them`,
    ),
  ];
}

/** The drivers that are installed: each in the range that `@potter/runtime` is tested with. */
function checkRuntime(folder: string): readonly Finding[] {
  const runtime = findInstalled("@potter/runtime", folder);
  if (runtime === undefined) {
    return [warning("@potter/runtime is not installed; generated code imports it", "npm install @potter/runtime")];
  }
  const fitting: string[] = [];
  const wrong = Object.entries(runtime.manifest.peers).flatMap(([name, range]): readonly Finding[] => {
    const found = findInstalled(name, runtime.folder) ?? findInstalled(name, folder);
    if (found === undefined) {
      return name === "@bufbuild/protobuf"
        ? [error(`@potter/runtime needs ${name} ${range}, which is not installed`, `npm install ${name}`)]
        : [];
    }
    const { version } = found.manifest;
    if (isInRange(version, range) === false) {
      return [
        error(`${name} ${version} is installed; @potter/runtime needs ${range}`, `npm install "${name}@${range}"`),
      ];
    }
    fitting.push(`${name} ${version}`);
    return [];
  });
  return fitting.length > 0 ? [...wrong, ok(`in the ranges of @potter/runtime: ${fitting.join(", ")}`)] : wrong;
}
