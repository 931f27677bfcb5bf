// A user's day with `npm run dev` in a terminal: a created project, real processes, a real service. Its output is in the guide.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkbench, type Workbench } from "../init/init.fixture.js";
import { readTree, root } from "../project.fixture.js";
import { eventually, isRunning } from "./scenario.fixture.js";
import { hasTerminals, noteBeginnings, openTerminal, readBeginnings, type Terminal } from "./terminal.fixture.js";

const books = "proto/library/v1/books.proto";
const catalogue = "proto/library/v1/catalogue.proto";
const idle = /watch: waiting for changes\n/;
const listening = /listening on (http:\S+)\n/;

let bench: Workbench;
let folder: string;
let env: Readonly<Record<string, string>>;
let terminal: Terminal;

const read = (path: string): string => readFileSync(join(folder, path), "utf8");
const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
const replace = (path: string, from: string | RegExp, to: string): void => {
  const text = read(path).replace(from, to);
  expect(text).not.toBe(read(path));
  write(path, text);
};
const git = (...args: readonly string[]): void => {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "gc.auto=0"];
  execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "pipe" });
};
/** Waits for the next start of the service. */
const serves = (): Promise<unknown> => terminal.next(listening);
/**
 * Waits for the status of a request to the service that was started last: 404 if it does not know the method, 501 if its
 * behaviour is a stub. undefined: it does not run.
 */
const answers = async (path: string, body: object, status: number | undefined): Promise<void> => {
  const ask = async (): Promise<number | undefined> => {
    const url = [...terminal.text.matchAll(new RegExp(listening, "g"))].at(-1)?.[1] ?? "";
    const headers = { "content-type": "application/json" };
    const response = fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.catch(() => undefined))?.status;
  };
  await eventually(ask).toBe(status);
};
const emma = { bookId: "emma", title: "Emma" };
const lastPid = (program: "main.js" | "potter"): number => readBeginnings(folder, program).at(-1)?.pid ?? 0;

/** The contract with one more command and its event. */
const withReturns = (text: string): string =>
  text
    .replace(
      "  // Lists the books.",
      `  // Takes a book back.
  rpc ReturnBook(ReturnBookRequest) returns (ReturnBookResponse) {
    option (potter.v1.command) = {creates: false emits: "BookReturned"};
    option (google.api.http) = {post: "/v1/books/{book_id}:return" body: "*"};
  }
  // Lists the books.`,
    )
    .replace(
      "// The error that",
      `message ReturnBookRequest {
  string book_id = 1;
}
message ReturnBookResponse {}
message BookReturned {
  option (potter.v1.event) = {type: "book.returned"};
  string book_id = 1;
}
// The error that`,
    );

describe.skipIf(!hasTerminals())("npm run dev in a terminal", () => {
  beforeAll(async () => {
    bench = createWorkbench();
    folder = join(bench.folder, "library");
    await bench.potter("init", "library", "--store", "memory", "--targets", "cqrs");
    bench.linkPackages("library");
    env = { ...noteBeginnings(folder), PORT: "0" };
    terminal = openTerminal(folder, "npm run dev", env);
  });
  afterAll(async () => {
    terminal.kill();
    await terminal.closed;
    bench.delete();
  });

  it("generates and serves", async () => {
    await terminal.next(idle);
    await serves();
    await answers("/v1/books", emma, 200);
    await answers("/v1/books/emma:return", {}, 404);
  });

  it("shows an error of the contract, and the service runs on", async () => {
    const generated = readTree(join(folder, "gen"));
    write(books, withReturns(read(books)).replace('emits: "BookReturned"', 'emits: "BookRetruned"'));
    await terminal.next(/hint: did you mean "BookReturned"\?/);
    await terminal.next(idle);
    await answers("/v1/books/emma:lend", { memberId: "ada" }, 200);
    expect(readTree(join(folder, "gen"))).toEqual(generated);
  });

  it("inserts stubs when it is fixed, and the service is started with them", async () => {
    replace(books, "BookRetruned", "BookReturned");
    await terminal.next(/inserted Book\.evolve\.bookReturned/);
    await terminal.next(idle);
    await serves();
    await answers("/v1/books", emma, 200);
    await answers("/v1/books/emma:return", {}, 501);
  });

  it("starts the service again when its code is saved", async () => {
    const text = read("src/books.ts")
      .replace(
        /returnBook: .*\n.*\n {4}\}/,
        "returnBook: (_state, _command, ctx) => Book.event.bookReturned({ bookId: ctx.id })",
      )
      .replace(/bookReturned: \(\) => \{\n.*\n {4}\}/, "bookReturned: () => ({ lent: false })");
    write("src/books.ts", text);
    await terminal.next(idle);
    await serves();
    await answers("/v1/books", emma, 200);
    await answers("/v1/books/emma:return", {}, 200);
    expect(readOutput(terminal.text)).toEqual(readOutput(shownOutput()));
  });

  it("names the new module when a proto file is renamed, and the service runs again when the imports are changed", async () => {
    const sources = readTree(join(folder, "src"));
    renameSync(join(folder, books), join(folder, catalogue));
    await terminal.next(
      /src\/books\.ts:3:21: lost: Book is generated in library\/v1\/catalogue_cqrs now, .*: change the import/,
    );
    await terminal.next(/npm run serve ended with exit code \d+; it is started again at the next change\n/);
    expect(readTree(join(folder, "src"))).toEqual(sources);
    for (const path of ["src/books.ts", "src/books.test.ts"]) replace(path, "v1/books_cqrs", "v1/catalogue_cqrs");
    await serves();
    await answers("/v1/books", emma, 200);
  });

  it("deletes what was generated from a proto file that is deleted", async () => {
    write("proto/library/v1/extra.proto", `syntax = "proto3";\npackage library.v1;\nmessage Extra {}\n`);
    await serves();
    expect(read("gen/library/v1/extra_pb.ts")).toContain("Extra");
    rmSync(join(folder, "proto/library/v1/extra.proto"));
    await serves();
    expect(existsSync(join(folder, "gen/library/v1/extra_pb.ts"))).toBe(false);
  });

  it("follows git through a switch of 200 files and back", async () => {
    git("init", "--quiet", "--initial-branch=few");
    git("add", ".");
    git("commit", "--quiet", "--message=few");
    const other = mkdtempSync(join(bench.folder, "many-"));
    git("worktree", "add", "--quiet", "-b", "many", other);
    const moved = readFileSync(join(other, catalogue), "utf8").replace("{book_id}:lend", "{book_id}:borrow");
    writeFileSync(join(other, catalogue), moved);
    for (let at = 0; at < 200; at++) {
      const text = `syntax = "proto3";\npackage library.v1;\nmessage M${at} {}\n`;
      writeFileSync(join(other, `proto/library/v1/m${at}.proto`), text);
    }
    git("-C", other, "add", ".");
    git("-C", other, "commit", "--quiet", "--message=many");
    git("worktree", "remove", other);
    git("checkout", "--quiet", "many");
    await answers("/v1/books/emma:borrow", {}, 400);
    await answers("/v1/books/emma:lend", {}, 404);
    git("checkout", "--quiet", "few");
    await answers("/v1/books/emma:lend", {}, 400);
    expect(Object.keys(readTree(join(folder, "gen/library/v1"))).sort()).toEqual([
      "catalogue_cqrs.ts",
      "catalogue_pb.ts",
    ]);
  });

  it("reports a service that is killed, and starts it at the next change", async () => {
    process.kill(lastPid("main.js"), "SIGKILL");
    await terminal.next(/watch: npm run serve (?:was ended by SIGKILL|ended with exit code \d+); it is started again/);
    write("src/books.ts", `${read("src/books.ts")}\n`);
    await serves();
    await answers("/v1/books", emma, 200);
  });

  it("leaves nothing when the watcher is killed, and begins again", async () => {
    process.kill(lastPid("potter"), "SIGKILL");
    await terminal.closed;
    await eventually(() => isRunning(lastPid("main.js"))).toBe(false);
    replace(catalogue, "{book_id}:return", "{book_id}:bring-back");
    terminal = openTerminal(folder, "npm run dev", env);
    await serves();
    await answers("/v1/books", emma, 200);
    await answers("/v1/books/emma:bring-back", {}, 200);
  });

  it("ends by Ctrl-C with all that it has started, none of which began on files that were half generated", async () => {
    terminal.type("\u0003");
    await terminal.next(/watch: ended\n/);
    await terminal.closed;
    const all = (["potter", "tsc", "main.js"] as const).flatMap((program) => readBeginnings(folder, program));
    expect(all.filter(({ pid }) => isRunning(pid))).toEqual([]);
    expect(all.filter(({ program, isWhole }) => program !== "potter" && !isWhole)).toEqual([]);
    expect(readBeginnings(folder, "main.js").length).toBeGreaterThanOrEqual(8);
  });
});

/** The lines of npm and the service, and those of the watcher, which are others' processes, without what differs from run to run. */
function readOutput(text: string): readonly (readonly string[])[] {
  const lines = text
    .replaceAll(/, \d+ ms$/gm, ", 1 ms")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:8080")
    // The log of the service: one warning for each request that a stub has answered.
    .replaceAll(/^\{"time":.*"level":"warn".*is not written yet.*\r?\n/gm, "")
    .trim()
    .split("\n");
  const isOfService = (line: string): boolean => /^(?:> .*|listening on .*|)$/.test(line);
  return [lines.filter(isOfService), lines.filter((line) => !isOfService(line))];
}

/** What the guide shows below the command that this file runs. */
function shownOutput(): string {
  const guide = readFileSync(join(root, "docs/guides/generating.md"), "utf8");
  return /```sh\nnpm run dev\n```\n[\s\S]*?\n```\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
}
