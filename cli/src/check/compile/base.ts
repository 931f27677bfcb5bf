import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { CliError } from "../../cli-error.js";
import { isWithin } from "../../is-within.js";
import { createTemporaryFolder } from "../../temporary-folder.js";
import type { Compiled } from "./compiled.js";
import { Git } from "./git.js";
import { buildImage } from "./image.js";
import { compileLock } from "./lock.js";
import { readBufConfig, sourcesIn, sourcesOf } from "./sources.js";
import { findWorkspace, fromProject } from "./workspace.js";

/** Compiles the contract in a folder as it is now. `input` is one of buf; `.` is the workspace. */
export async function compileHead(input: string, folder: string): Promise<Compiled> {
  const { root, config } = findWorkspace(input, folder);
  const image = await buildImage(input, folder, "the contract");
  const lock = readIf(join(folder, "potter.lock")) ?? "";
  return { title: "the folder", image, find: fromProject(sourcesIn(root, config.modules), root, folder), lock };
}

/** Whether a value of `--against` is a file that `potter lock` has written: `lock` or a path. */
export function isLock(against: string | undefined): boolean {
  return against === "lock" || against?.endsWith(".lock") === true;
}

/**
 * Compiles the contract to compare with: that of a revision of git, that of potter.lock, or another input of buf. Default: where the
 * branch has parted from the default branch. `head`: the contract as it is, whose imports a lock leaves out. Throws a CliError that
 * says what to pass or to fetch.
 */
export async function compileBase(
  against: string | undefined,
  input: string,
  folder: string,
  head: Promise<Compiled>,
): Promise<Compiled> {
  if (against !== undefined && isLock(against)) {
    return compileLock(against === "lock" ? "potter.lock" : against, folder, await head);
  }
  if (against !== undefined && isInput(against, folder)) return compileInput(against, folder);
  const git = new Git(folder);
  const { problem } = git;
  if (problem !== undefined) {
    throw new CliError(
      against === undefined
        ? `nothing to compare with: ${problem}; pass --against with lock, an image of buf build or a folder`
        : `--against ${against}: there is no such file or folder, and ${problem}`,
    );
  }
  const { commit, name } = against === undefined ? findMergeBase(git) : findRevision(git, against);
  return compileCommit(git, commit, `${name} (${commit.slice(0, 12)})`, input, folder);
}

/** Whether a value names a file, a folder, or an input of buf with options. */
function isInput(against: string, folder: string): boolean {
  if (isAbsolute(against) || /#|^\.{0,2}[\\/]|\.(binpb|bin|json|txtpb|yaml|gz|zst|zip|tar|tgz|git)$/.test(against))
    return true;
  return new Git(folder).commitOf(against) === undefined && existsSync(resolve(folder, against));
}

async function compileInput(input: string, folder: string): Promise<Compiled> {
  const [path = ""] = input.split("#");
  const absolute = resolve(folder, path);
  const isFolder = existsSync(absolute) && statSync(absolute).isDirectory();
  const config = isFolder ? readIf(join(absolute, "buf.yaml")) : undefined;
  return {
    title: input,
    image: await buildImage(input, folder, input),
    find: isFolder ? sourcesIn(absolute, readBufConfig(config, `${path}/buf.yaml`).modules) : () => undefined,
    lock: (isFolder ? readIf(join(absolute, "potter.lock")) : undefined) ?? "",
  };
}

function findRevision(git: Git, revision: string): { readonly commit: string; readonly name: string } {
  const commit = git.commitOf(revision);
  if (commit !== undefined) return { commit, name: revision };
  const fetch = fetchOf(revision);
  throw new CliError(
    `--against ${revision}: git knows no such revision, and there is no such file. ` +
      (git.isShallow ? `The clone is shallow: ${fetch} --unshallow` : `If it is on a remote: ${fetch}`),
  );
}

/** The command that fetches a revision, where its name says which one. `HEAD~1` and `a..b` are no names of a remote. */
function fetchOf(revision: string): string {
  const [remote, ...branch] = revision.split("/");
  if (!/^[\w.][\w./-]*$/.test(revision) || revision.includes("..") || revision === "HEAD") return "git fetch";
  return branch.length > 0 ? `git fetch ${remote} ${branch.join("/")}` : `git fetch origin ${revision}`;
}

function findMergeBase(git: Git): { readonly commit: string; readonly name: string } {
  const shallow = "The clone is shallow: run git fetch --unshallow, or set fetch-depth: 0 in actions/checkout";
  const branch = git.defaultBranch;
  const known = branch !== undefined && git.commitOf(branch) !== undefined;
  const commit = known ? git.mergeBase("HEAD", branch) : undefined;
  if (commit === undefined) {
    const what = !known ? `git knows no ${branch ?? "default branch"}` : `HEAD and ${branch} have no common commit`;
    const remedy = git.isShallow ? shallow : "Pass --against with a revision, such as the tag of the last release";
    throw new CliError(`nothing to compare with: ${what}. ${remedy}`);
  }
  if (commit === git.commitOf("HEAD") && git.isClean) {
    throw new CliError(
      `nothing to compare with: HEAD has not parted from ${branch}, and no file has changed. ` +
        "Pass --against with an earlier revision, such as HEAD~1 or the tag of the last release",
    );
  }
  return { commit, name: `the merge base with ${branch}` };
}

/** The files of a commit that a compilation needs. */
const needed = /\.proto$|(^|\/)buf(\.work)?\.(yaml|yml|lock)$|(^|\/)potter\.lock$/;

async function compileCommit(
  git: Git,
  commit: string,
  title: string,
  input: string,
  folder: string,
): Promise<Compiled> {
  const { root, prefix } = locate(git, input, folder);
  const files = new Git(root).readFiles(commit, (path) => needed.test(path));
  const { modules } = readBufConfig(files.get("buf.yaml"), `buf.yaml of ${title}`);
  const temporary = createTemporaryFolder("base");
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(temporary, path)), { recursive: true });
      writeFileSync(join(temporary, path), text);
    }
    for (const path of modules) linkModule(path, root, temporary);
    const source = resolve(temporary, relative(root, resolve(folder, input)));
    const image = await buildImage(source, folder, `the contract of ${title}`).catch((error: unknown) => {
      throw explainBase(error, temporary, files.has("buf.yaml") || !existsSync(join(root, "buf.yaml")));
    });
    const find = fromProject(sourcesOf(files, modules), root, folder);
    return { title, image, find, lock: files.get(`${prefix}potter.lock`) ?? "" };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** A base that does not compile: with paths of the project, and what to do. */
function explainBase(error: unknown, temporary: string, hasConfig: boolean): unknown {
  if (!(error instanceof CliError)) return error;
  const text = error.message.replaceAll(`${temporary}${sep}`, "").replaceAll(`${realpathSync(temporary)}${sep}`, "");
  return new CliError(
    `${text}\n${hasConfig ? "" : "This revision has no buf.yaml. "}Pass --against with a revision that compiles`,
    error.exitCode,
  );
}

/** The folder of whose files a contract is compiled, and the path of the project below it, which ends in a slash. */
function locate(git: Git, input: string, folder: string): { readonly root: string; readonly prefix: string } {
  const { root } = findWorkspace(input, folder);
  // What is above the repository has no history.
  if (!isWithin(folder, root) || !isWithin(realpathSync(root), resolve(git.root))) return { root: folder, prefix: "" };
  const path = relative(root, folder).replaceAll("\\", "/");
  return { root, prefix: path === "" ? "" : `${path}/` };
}

/** Modules that git does not keep, such as those in node_modules, are taken from the workspace. */
function linkModule(path: string, root: string, temporary: string): void {
  const [from, to] = [join(root, path), join(temporary, path)];
  if (existsSync(to) || !existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to, "junction");
}

function readIf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
