// Fills cli/diagnostics/ with the pages of docs/diagnostics, which `potter explain` prints. Writes only what differs.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "docs/diagnostics");
const target = join(root, "cli/diagnostics");

mkdirSync(target, { recursive: true });
const pages = readdirSync(source).filter((name) => name.endsWith(".md"));
for (const name of pages) {
  const text = readFileSync(join(source, name), "utf8");
  const path = join(target, name);
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
for (const name of readdirSync(target)) if (!pages.includes(name)) rmSync(join(target, name));
