import { CliError } from "../../cli-error.js";
import { runGit } from "../../run-git.js";

/** The git of a folder. Only reads. */
export class Git {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Why there is no repository to read. undefined: the folder is in one. */
  get problem(): string | undefined {
    const { status, error, stderr } = runGit(["rev-parse", "--show-toplevel"], this.folder);
    if (error !== undefined) return `git cannot be started: ${notFound(error) ? "it is not installed" : error.message}`;
    if (status === 0) return undefined;
    const text = stderr.toString("utf8").trim();
    // Such as a repository of another user, which git refuses to read, with a remedy of its own.
    return text.includes("not a git repository") ? "the folder is in no git repository" : `git says: ${text}`;
  }

  /** The root folder of the working tree. */
  get root(): string {
    return this.run("rev-parse", "--show-toplevel")
      .toString("utf8")
      .replace(/\r?\n$/, "");
  }

  /** Whether the history of the repository is cut off. */
  get isShallow(): boolean {
    return this.try("rev-parse", "--is-shallow-repository") === "true";
  }

  /** Whether nothing in the folder differs from HEAD. */
  get isClean(): boolean {
    return this.try("status", "--porcelain", "--", ".") === "";
  }

  /** Whether git ignores a path of the folder. */
  isIgnored(path: string): boolean {
    return this.try("check-ignore", "--quiet", "--", path) !== undefined;
  }

  /** Returns the commit of a revision; undefined: there is none. */
  commitOf(revision: string): string | undefined {
    if (revision.startsWith("-")) return undefined;
    return this.try("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
  }

  /** Returns where two revisions have parted; undefined: the history does not say. */
  mergeBase(one: string, other: string): string | undefined {
    return this.try("merge-base", one, other);
  }

  /** Returns the branch of the remote that pull requests lead to: `origin/main`. */
  get defaultBranch(): string | undefined {
    const target = process.env["GITHUB_BASE_REF"] || process.env["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"];
    if (target) return `origin/${target}`;
    const head = this.try("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD");
    const candidates = [...(head === undefined ? [] : [head]), "origin/main", "origin/master", "main", "master"];
    return candidates.find((name) => this.commitOf(name) !== undefined);
  }

  /** Reads files of the folder at a commit: texts by their paths from the folder. */
  readFiles(commit: string, isWanted: (path: string) => boolean): ReadonlyMap<string, string> {
    const prefix = this.run("rev-parse", "--show-prefix")
      .toString("utf8")
      .replace(/\r?\n$/, "");
    // Without --full-tree, git would look for the current folder inside of that tree.
    const list = runGit(["ls-tree", "-r", "-z", "--full-tree", `${commit}:${prefix}`], this.folder);
    if (list.status !== 0) throw new CliError(`the folder ${prefix} does not exist in ${commit.slice(0, 12)}`);
    const entries = list.stdout
      .toString("utf8")
      .split("\0")
      .flatMap((line) => {
        const [, kind, hash, path] = /^\d+ (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
        return kind === "blob" && hash !== undefined && path !== undefined && isWanted(path) ? [{ hash, path }] : [];
      });
    return new Map(this.readBlobs(entries.map(({ hash }) => hash)).map((text, at) => [entries[at]?.path ?? "", text]));
  }

  private readBlobs(hashes: readonly string[]): readonly string[] {
    if (hashes.length === 0) return [];
    const input = `${hashes.join("\n")}\n`;
    const { stdout } = runGit(["cat-file", "--batch"], this.folder, input);
    const texts: string[] = [];
    // Each blob: a line that ends with its size, the content, and a line feed.
    for (let at = 0; at < stdout.length; ) {
      const end = stdout.indexOf(10, at);
      const size = Number(stdout.toString("utf8", at, end).split(" ")[2]);
      texts.push(stdout.toString("utf8", end + 1, end + 1 + size));
      at = end + 1 + size + 1;
    }
    return texts;
  }

  private run(...args: readonly string[]): Buffer {
    const { status, stdout, stderr, error } = runGit(args, this.folder);
    if (error !== undefined) throw new CliError(`cannot run git: ${error.message}`);
    if (status !== 0) throw new CliError(`git ${args[0]} failed: ${stderr.toString("utf8").trim()}`);
    return stdout;
  }

  private try(...args: readonly string[]): string | undefined {
    const { status, stdout } = runGit(args, this.folder);
    return status === 0 ? stdout.toString("utf8").trim() : undefined;
  }
}

function notFound(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
