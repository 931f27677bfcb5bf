// A C library of a later Debian, in its own folder, for programs that need a newer one than the system's.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const release = "trixie";
const packages = ["libc6", "libstdc++6", "libgcc-s1"];

/** The arguments that run a program with it. Throws an error that names what is missing if that is not possible. */
export function newerLibc(folder) {
  const libraries = join(folder, "root/usr/lib/x86_64-linux-gnu");
  const loader = join(libraries, "ld-linux-x86-64.so.2");
  if (!existsSync(loader)) install(folder);
  return [loader, "--library-path", libraries];
}

function install(folder) {
  const sources = "/etc/apt/sources.list.d/debian.sources";
  if (!existsSync(sources)) throw new Error(`there is no ${sources} to find a newer C library by`);
  mkdirSync(join(folder, "lists/partial"), { recursive: true });
  const [first = ""] = readFileSync(sources, "utf8").split(/\n\s*\n/);
  writeFileSync(join(folder, "later.sources"), `${first.replace(/^Suites:.*$/m, `Suites: ${release}`)}\n`);
  const options = [
    `Dir::Etc::sourcelist=${join(folder, "later.sources")}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${join(folder, "lists")}`,
  ].flatMap((option) => ["-o", option]);
  const apt = (...words) => execFileSync("apt-get", [...options, ...words], { cwd: folder, stdio: "pipe" });
  apt("update");
  apt("download", ...packages);
  for (const file of readdirSync(folder).filter((one) => one.endsWith(".deb"))) {
    execFileSync("dpkg", ["-x", file, "root"], { cwd: folder, stdio: "pipe" });
  }
}
