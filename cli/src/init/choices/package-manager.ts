import { existsSync } from "node:fs";
import { join } from "node:path";

/** The package managers whose commands potter init knows. */
export const packageManagerNames = ["npm", "pnpm", "yarn", "bun"] as const;
export type PackageManagerName = (typeof packageManagerNames)[number];

/** A package manager, and how it is used. */
export interface PackageManager {
  readonly name: PackageManagerName;
  /** The version that runs, such as 10.34.9; undefined if unknown. */
  readonly version: string | undefined;
  /** Whether it is the first line of Yarn, whose options differ. */
  readonly isClassicYarn: boolean;
  /** The command that runs a script of package.json. */
  run(script: string): string;
  /** The command that runs a program of the project's packages. */
  exec(command: string): string;
  /** What a Dockerfile copies before it installs. */
  readonly manifests: readonly string[];
  /** The command that installs what the lock file says; `production` without devDependencies. */
  ci(production: boolean): string;
  /** The command by which an image of Node gets the package manager; undefined: it has it. */
  readonly setup: string | undefined;
}

const lockFiles: Readonly<Record<string, PackageManagerName>> = {
  "package-lock.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
};

/**
 * The package manager of a project: the chosen one, or that of the lock file in its folder, or the one that runs this process, as
 * `npm_config_user_agent` says, or npm.
 */
export function findPackageManager(
  folder: string,
  userAgent: string | undefined,
  chosen?: PackageManagerName,
): PackageManager {
  const [, running = "", version] = /^(\w+)\/(\S+)/.exec(userAgent ?? "") ?? [];
  const lockFile = Object.keys(lockFiles).find((file) => existsSync(join(folder, file)));
  const name =
    chosen ??
    (lockFile === undefined ? undefined : lockFiles[lockFile]) ??
    packageManagerNames.find((known) => known === running) ??
    "npm";
  return describe(name, name === running ? version : undefined);
}

function describe(name: PackageManagerName, version: string | undefined): PackageManager {
  const isClassicYarn = name === "yarn" && version?.startsWith("1.") === true;
  const manifests = ["package.json", ...manifestsOf(name, isClassicYarn)];
  return {
    name,
    version,
    isClassicYarn,
    manifests,
    run: (script) =>
      name === "npm" && (script === "start" || script === "test") ? `npm ${script}` : `${name} run ${script}`,
    exec: (command) => `${{ npm: "npx", pnpm: "pnpm exec", yarn: "yarn", bun: "bunx" }[name]} ${command}`,
    ci: (production) => ciOf(name, isClassicYarn, production),
    setup: setupOf(name, version),
  };
}

function manifestsOf(name: PackageManagerName, isClassicYarn: boolean): readonly string[] {
  if (name === "npm") return ["package-lock.json"];
  if (name === "pnpm") return ["pnpm-lock.yaml", "pnpm-workspace.yaml"];
  if (name === "bun") return ["bun.lock"];
  return isClassicYarn ? ["yarn.lock"] : ["yarn.lock", ".yarnrc.yml"];
}

function ciOf(name: PackageManagerName, isClassicYarn: boolean, production: boolean): string {
  if (name === "npm") return production ? "npm ci --omit=dev" : "npm ci";
  if (name === "yarn" && !isClassicYarn) {
    return production ? "yarn workspaces focus --production" : "yarn install --immutable";
  }
  return `${name} install --frozen-lockfile${production ? { pnpm: " --prod", yarn: " --production", bun: " --production" }[name] : ""}`;
}

/** Corepack takes the version that package.json names. Without one, its Yarn is the classic one. */
function setupOf(name: PackageManagerName, version: string | undefined): string | undefined {
  if (name === "npm") return undefined;
  if (name === "bun") return "npm install --global bun";
  return name === "yarn" && version === undefined
    ? "corepack enable && corepack prepare yarn@4 --activate"
    : "corepack enable";
}
