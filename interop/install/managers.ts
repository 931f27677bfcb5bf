import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Somebody who installs packages. */
export interface PackageManager {
  readonly name: string;
  /** Writes to a project where packages of the scope come from, and what else it needs. */
  configure(project: string, registry: string): void;
  /** Installs what package.json says. */
  install(project: string): Promise<void>;
}

const bins = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));

/** Where this machine takes all other packages from. */
const registryHere = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();

/** Not synchronously: the registry that it asks may be in this process. */
async function run(project: string, program: string, args: readonly string[]): Promise<void> {
  // What the runner of this test was told by npm is for npm in this repository.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|YARN_)/i.test(name));
  const env = { ...Object.fromEntries(inherited), CI: "true", XDG_DATA_HOME: join(project, ".data") };
  try {
    await promisify(execFile)(program, args, { cwd: project, env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

function writeNpmrc(project: string, registry: string, lines: readonly string[]): void {
  const all = [`@potter:registry=${registry}`, `registry=${registryHere}`, ...lines];
  writeFileSync(join(project, ".npmrc"), `${all.join("\n")}\n`);
}

/** A peer that is missing or of another version ends the installation of npm and pnpm; Yarn only warns of it. */
export const packageManagers: readonly PackageManager[] = [
  {
    name: "npm",
    configure: (project, registry) => writeNpmrc(project, registry, ["strict-peer-deps=true", "prefer-offline=true"]),
    install: (project) => run(project, "npm", ["install", "--no-audit", "--no-fund"]),
  },
  {
    name: "pnpm",
    configure(project, registry) {
      const lines = ["strict-peer-dependencies=true", "auto-install-peers=false", `store-dir=${project}/.store`];
      writeNpmrc(project, registry, lines);
    },
    install: (project) => run(project, join(bins, "pnpm"), ["install", "--no-frozen-lockfile"]),
  },
  {
    name: "yarn",
    configure(project, registry) {
      mkdirSync(join(project, ".yarn"), { recursive: true });
      const settings = {
        nodeLinker: "node-modules",
        npmRegistryServer: registryHere,
        npmScopes: { potter: { npmRegistryServer: registry } },
        unsafeHttpWhitelist: ["127.0.0.1"],
        enableGlobalCache: false,
        enableTelemetry: false,
        enableImmutableInstalls: false,
        ...(process.env["NODE_EXTRA_CA_CERTS"] && { httpsCaFilePath: process.env["NODE_EXTRA_CA_CERTS"] }),
      };
      // JSON is YAML too.
      writeFileSync(join(project, ".yarnrc.yml"), JSON.stringify(settings));
      // Else it takes a project below another one for a part of it.
      writeFileSync(join(project, "yarn.lock"), "");
    },
    install: (project) => run(project, join(bins, "yarn"), ["install"]),
  },
];
