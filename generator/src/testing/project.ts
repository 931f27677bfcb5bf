import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./compile-proto.js";

/** The strictest options that the output of message libraries permits: protoc-gen-es emits enums, and all rely on inference. */
const tsconfig = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    inlineSources: false,
    isolatedDeclarations: false,
    erasableSyntaxOnly: false,
  },
  include: ["**/*.ts"],
  exclude: ["node_modules"],
};

/** A temporary project of a user, with the packages of this repository. */
export class Project {
  readonly folder: string = mkdtempSync(join(tmpdir(), "potter-project-"));

  constructor(files: Readonly<Record<string, string>>) {
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"), "dir");
    this.write("package.json", JSON.stringify({ type: "module" }));
    this.write("tsconfig.json", JSON.stringify(tsconfig));
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Returns the errors of the TypeScript compiler; empty if there are none. */
  typeCheck(...flags: readonly string[]): string {
    return this.run(join(root, "node_modules/.bin/tsc"), "--project", ".", "--pretty", "false", ...flags).stdout;
  }

  /** Runs a program in the folder of the project. */
  run(...argv: readonly string[]): {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  } {
    const { status, stdout, stderr, error } = spawnSync(process.execPath, argv, {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (error !== undefined) throw error;
    return { status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
