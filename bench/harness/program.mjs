import { spawn } from "node:child_process";

/**
 * Runs a program to its end. Returns what it printed, and the CPU seconds of it and the programs that it started, as the
 * shell reports them: Node does not know those of its children. Throws if it fails.
 */
export async function runProgram(command, args, folder) {
  const output = await run("sh", ["-c", '"$@" && times', "sh", command, ...args], folder);
  const [, user = "", system = ""] = /(\S+) (\S+)\s*$/.exec(output) ?? [];
  return { output, cpu: toSeconds(user) + toSeconds(system) };
}

function run(command, args, folder) {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${args.join(" ")}: ${`${output}\n${complaint}`.slice(0, 4_000)}`));
    });
  });
}

/** `0m3.450s`, as `times` of the shell prints it. */
function toSeconds(text) {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
