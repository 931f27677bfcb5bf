import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A package manager. */
export interface PackageManager {
  readonly name: string;
  /** Writes the configuration of a project, with the registry of the scoped packages. */
  configure(project: string, registry: string): void;
  /** Installs the dependencies of package.json. */
  install(project: string): Promise<void>;
}

const bins = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));

/** The registry of all other packages. */
const registryHere = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();

/** Asynchronous: the registry may run in this process. */
async function run(project: string, program: string, args: readonly string[]): Promise<void> {
  // The npm variables of the test run apply to this repository only.
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

/** A missing or wrong peer fails the installation in npm and pnpm; Yarn only warns. */
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
      // Without it, Yarn treats the project as a part of one in a parent folder.
      writeFileSync(join(project, "yarn.lock"), "");
    },
    install: (project) => run(project, join(bins, "yarn"), ["install"]),
  },
];
