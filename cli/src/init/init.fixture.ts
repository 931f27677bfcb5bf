import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { main } from "../main.js";
import { readTree, root } from "../project.fixture.js";

/** A temporary folder whose path has spaces and letters beyond ASCII, in which commands run without a terminal. */
export interface Workbench {
  readonly folder: string;
  /** Runs `potter …` in this process. */
  potter(...argv: readonly string[]): Promise<Outcome>;
  write(path: string, text: string): void;
  /** Links the packages of the repository, as if they were installed. */
  linkPackages(path: string): void;
  tree(path?: string): Readonly<Record<string, string>>;
  delete(): void;
}

/** What a command has printed, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Creates a folder to work in. Its base is not in a git repository. */
export function createWorkbench(): Workbench {
  const base = mkdtempSync(join(tmpdir(), "potter-init-"));
  const folder = join(base, "mein Prüfstand");
  mkdirSync(folder);
  return {
    folder,
    potter: (...argv) => runMain(argv, folder),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    linkPackages: (path) => symlinkSync(join(root, "node_modules"), join(folder, path, "node_modules"), "dir"),
    tree: (path = "") => readTree(join(folder, path)),
    delete: () => rmSync(base, { recursive: true, force: true }),
  };
}

async function runMain(argv: readonly string[], folder: string): Promise<Outcome> {
  const out: string[] = [];
  const errors: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  const error = vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  try {
    return { code: await main(argv, folder), out: out.join("\n"), errors: errors.join("\n") };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}
