// The scripts are run by the shells themselves: what they offer is what a user would see.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { commands } from "../commands.js";
import { main } from "../main.js";
import { root } from "../project.fixture.js";

let folder: string;
const scripts = new Map<string, string>();
let out: string[];
let errors: string[];

beforeEach(() => {
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "potter completion "));
  mkdirSync(join(folder, "a folder"));
  writeFileSync(join(folder, "a file.md"), "");
  for (const shell of ["bash", "zsh", "fish"]) {
    const printed: string[] = [];
    vi.spyOn(console, "log").mockImplementation((text) => printed.push(String(text)));
    expect(await main(["completion", shell], root)).toBe(0);
    const path = join(folder, `script.${shell}`);
    writeFileSync(path, `${printed.join("\n")}\n`);
    scripts.set(shell, path);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ends a shell that waits for input for ever, in milliseconds. */
const limit = 120_000;

/** What a shell offers for a command line whose last word is being typed. */
const shells: Readonly<Record<string, (words: readonly string[]) => string>> = {
  bash: (words) => {
    // As bash splits them: a sign between an option and its value is a word.
    const split = words
      .flatMap((word) => (word.startsWith("--") ? word.split(/(=)/) : [word]))
      .filter((word, at, all) => word !== "" || at === all.length - 1);
    const list = split.map((word) => `'${word}'`).join(" ");
    const text = `source "$1"; COMP_WORDS=(${list}); COMP_CWORD=${split.length - 1}; _potter 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["--norc", "-c", text, "bash", scripts.get("bash") ?? ""], {
      cwd: folder,
      encoding: "utf8",
      timeout: limit,
    });
  },
  fish: (words) => {
    const line = words.map((word) => word.replaceAll(" ", "\\ ")).join(" ");
    const text = `source $argv[1]; complete -C ${JSON.stringify(line)}`;
    const env = {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CACHE_HOME: folder,
    };
    return execFileSync("fish", ["--no-config", "-c", text, scripts.get("fish") ?? ""], {
      cwd: folder,
      encoding: "utf8",
      timeout: limit,
      env,
    });
  },
  // The editor of zsh runs in a pseudo-terminal of its own, and lists what it found.
  zsh: (words) => {
    const text = `
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -d ${join("$TMP_DUMP")}; source "$SCRIPT"'
      zpty -w shell 'compadd() { if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi; typeset -a hits; builtin compadd -A hits "$@"; print -l -- "<hit>"$^hits; }'
      zpty -w shell 'finish() { print "<end>"; exit }; zle -C list complete-word finish-list; finish-list() { _main_complete; print "<end>"; exit }; bindkey "^I" list; print "<ready>"'
      zpty -r shell log '*<ready>*<ready>*'
      zpty -w -n shell "$LINE"$'\\t'
      zpty -r shell log '*<end>*'
      print -r -- "$log"
    `;
    const env = {
      ...process.env,
      SCRIPT: scripts.get("zsh") ?? "",
      LINE: words.map((word) => word.replaceAll(" ", "\\ ")).join(" "),
      TMP_DUMP: join(folder, "dump"),
      TERM: "dumb",
    };
    const log = execFileSync("zsh", ["-f", "-c", text], { cwd: folder, encoding: "utf8", timeout: limit, env });
    return [...log.matchAll(/<hit>(.*)/g)].map(([, hit = ""]) => hit.trim()).join("\n");
  },
};

/** Candidates without descriptions, sorted. */
function complete(shell: string, words: readonly string[]): readonly string[] {
  const text = shells[shell]?.(words) ?? "";
  return [
    ...new Set(
      text
        .split("\n")
        .map((line) => line.split("\t")[0] ?? "")
        .filter((line) => line !== ""),
    ),
  ].sort();
}

const isInstalled = (shell: string): boolean => spawnSync(shell, ["--version"]).error === undefined;
const own = commands.map(({ name }) => name);

describe.each(["bash", "zsh", "fish"])("the completion of %s", (shell) => {
  it.skipIf(!isInstalled(shell)).each<[string, readonly string[], readonly string[]]>([
    ["commands, also of the runtime", ["potter", "s"], ["saga", "scaffold", "schedule", "spec", "streams", "subjects"]],
    ["commands behind an option of all", ["potter", "--cwd", "a folder", "gra"], ["graph"]],
    ["options", ["potter", "generate", "--no"], ["--no-scaffold"]],
    ["values of an option", ["potter", "check", "--format", "s"], ["sarif"]],
    ["words of a closed set", ["potter", "explain", "unknown-ref"], ["unknown-reference"]],
    ["verbs of a command of the runtime", ["potter", "projections", "re"], ["rebuild", "resume", "retry"]],
    ["shells", ["potter", "completion", "z"], ["zsh"]],
  ])("offers %s", (_, words, expected) => {
    expect(complete(shell, words)).toEqual(expected);
  });
});

describe.runIf(isInstalled("bash"))("the completion of bash", () => {
  it("offers all commands and options", () => {
    const all = complete("bash", ["potter", ""]);
    expect(all).toEqual(expect.arrayContaining([...own, "--help", "--version", "--cwd", "db", "events"]));
    expect(complete("bash", ["potter", "spec", ""])).toEqual([
      "--cwd",
      "--help",
      "--json",
      "--out",
      "--template",
      "-h",
    ]);
  });

  it("offers values behind a sign, and what a list does not have yet", () => {
    expect(complete("bash", ["potter", "check", "--fail-on=d"])).toEqual(["dangerous"]);
    expect(complete("bash", ["potter", "check", "--fail-on="])).toEqual(["breaking", "dangerous"]);
    expect(complete("bash", ["potter", "check", "--only", "lock,"])).toEqual([
      "lock,breaking",
      "lock,generated",
      "lock,scaffold",
    ]);
  });

  it("offers files and folders with spaces, and nothing for a text", () => {
    expect(complete("bash", ["potter", "graph", "--out", "a"])).toEqual(["a file.md", "a folder"]);
    expect(complete("bash", ["potter", "generate", "--into", "a"])).toEqual(["a folder"]);
    expect(complete("bash", ["potter", "watch", "--", "a"])).toEqual(["a file.md", "a folder"]);
    expect(complete("bash", ["potter", "check", "--against", "a"])).toEqual([]);
    expect(complete("bash", ["potter", "db", "a"])).toEqual([]);
  });
});

describe("potter completion", () => {
  it.each([[[]], [["tcsh"]], [["bash", "zsh"]]])("refuses %j", async (words) => {
    expect(await main(["completion", ...words], root)).toBe(2);
    expect(errors).toEqual(["potter: expected one shell: potter completion bash|zsh|fish"]);
  });

  it("leaves the commands for services out where no runtime is installed", async () => {
    expect(await main(["completion", "bash"], folder)).toBe(0);
    expect(out.join("\n")).not.toContain("streams");
    expect(out.join("\n")).toContain("scaffold");
  });
});
