import { spawn } from "node:child_process";

/**
 * Waits for the end of its standard input, which is that of this process in whatever way: SIGKILL cannot be handled. Then it asks the
 * group of processes `$1` to end, and kills it after `$2` seconds.
 */
const script = `read -r line
kill -s TERM -- "-$1" 2>/dev/null || exit 0
left=$2
while [ "$left" -gt 0 ]; do
  sleep 1
  kill -s 0 -- "-$1" 2>/dev/null || exit 0
  left=$((left - 1))
done
kill -s KILL -- "-$1" 2>/dev/null`;

/**
 * Ends a group of processes if this process is killed: it would keep its port and its store from the next one. `grace` is how long it
 * may take, in milliseconds. Returns a function that ends the guard, which must be called when the group has ended. Without effect on
 * Windows.
 */
export function guardGroup(group: number, grace: number): () => void {
  if (process.platform === "win32") return () => {};
  // In a group of its own: signals of the terminal must not reach it.
  const guard = spawn("sh", ["-c", script, "sh", String(group), String(Math.ceil(grace / 1000))], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  // Without a shell there is no guard.
  guard.once("error", () => {});
  guard.unref();
  return () => {
    guard.kill("SIGKILL");
  };
}
