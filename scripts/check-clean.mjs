// Fails if files in git differ from the newly generated ones, and lists them.
import { execFileSync } from "node:child_process";

const generated = ["fixtures", "docs", "api", "package-lock.json"];
const status = execFileSync("git", ["status", "--porcelain", "--", ...generated], { encoding: "utf8" });
if (status !== "") {
  execFileSync("git", ["--no-pager", "diff", "--stat", "--", ...generated], { stdio: "inherit" });
  process.stderr.write(`These differ from what was generated. Look at them, then commit them:\n${status}`);
  process.exitCode = 1;
}
