// Programs in Go that tests run: built once for each version, and kept in the user's cache folder.
//
//   node scripts/go-programs.mjs connectconformance grpcurl    builds programs if need be, and prints their paths
//
// As a library: `findGoProgram("grpcurl")` returns the path, or throws an error that says why there is none.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installFromDebian } from "./debian.mjs";

/** Each program: the package of its command, and the version of its module. */
const programs = {
  connectconformance: ["connectrpc.com/conformance/cmd/connectconformance", "v1.0.7"],
  "grpc-interop-client": ["google.golang.org/grpc/interop/client", "v1.85.0"],
  grpcurl: ["github.com/fullstorydev/grpcurl/cmd/grpcurl", "v1.9.4"],
  "grpc-health-probe": ["github.com/grpc-ecosystem/grpc-health-probe", "v0.4.63"],
};

/** From this version on, Go fetches a newer toolchain by itself when a module demands one. */
const oldestGo = [1, 21];

/**
 * Returns the path of a program. Builds it if this version is not in the cache.
 *
 * @param {string} name
 */
export function findGoProgram(name) {
  const [path, version] = programs[name] ?? [];
  if (path === undefined) throw new Error(`there is no ${name}: expected ${Object.keys(programs).join(", ")}`);
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "potter/go");
  const program = join(folder, `${name}@${version}`);
  if (existsSync(program)) return program;
  const go = findGo();
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, "build-"));
  try {
    process.stderr.write(`Building ${path}@${version} …\n`);
    const env = { ...process.env, GOBIN: work, GOFLAGS: "", GOTOOLCHAIN: "auto", CGO_ENABLED: "0" };
    const options = ["-trimpath", "-ldflags=-s -w", `${path}@${version}`];
    const { status, stderr } = spawnSync(go, ["install", ...options], { env, encoding: "utf8", maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`go install ${path}@${version} failed: ${lastLines(stderr)}`);
    // In one step, since another process may be building it too.
    renameSync(join(work, basename(path)), program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

/**
 * Reports prominently that a program is missing.
 *
 * @param {string} name @param {unknown} error
 */
export function reportMissing(name, error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n*** SKIPPED: ${name} is not available, what needs it does not run: ${reason}\n\n`);
}

function findGo() {
  const found = candidates().find((go) => isRecent(go));
  if (found !== undefined) return found;
  const debian = "/usr/bin/go";
  if (!existsSync(debian)) {
    installFromDebian("golang-go", debian);
    if (isRecent(debian)) return debian;
  }
  throw new Error(`Go ${oldestGo.join(".")} or newer is needed, neither on the PATH nor in /usr/local/go/bin`);
}

function candidates() {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/local/go/bin", "/usr/lib/go/bin"];
  return folders.map((folder) => join(folder, "go")).filter((go) => existsSync(go));
}

/** @param {string} go */
function isRecent(go) {
  const [, major = 0, minor = 0] = /go(\d+)\.(\d+)/.exec(execFileSync(go, ["version"], { encoding: "utf8" })) ?? [];
  return Number(major) > oldestGo[0] || (Number(major) === oldestGo[0] && Number(minor) >= oldestGo[1]);
}

/** @param {string | null} text */
function lastLines(text) {
  return (text ?? "").trim().split("\n").slice(-5).join(" / ");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of process.argv.slice(2)) {
    try {
      process.stdout.write(`${findGoProgram(name)}\n`);
    } catch (error) {
      reportMissing(name, error);
    }
  }
}
