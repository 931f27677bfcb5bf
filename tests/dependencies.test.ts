// What an installation of a published package brings along: plugins and services stay free of the tools of the command line.
import { describe, expect, it } from "vitest";
import { listPublished } from "../scripts/published.mjs";
import { readText } from "./sources.js";

interface Entry {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const { packages } = JSON.parse(readText("package-lock.json")) as {
  readonly packages: Readonly<Record<string, Entry>>;
};

/** The names of all packages that npm installs with a workspace. Optional peers are not among them. */
function listInstalled(workspace: string): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (path: string): void => {
    const { dependencies, peerDependencies, peerDependenciesMeta = {} } = packages[path] ?? {};
    const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta[name]?.optional !== true);
    for (const name of [...Object.keys(dependencies ?? {}), ...peers]) {
      const found = find(path, name);
      const { link, resolved = "" } = packages[found] ?? {};
      if (names.has(`${name} ${found}`)) continue;
      names.add(`${name} ${found}`);
      visit(link === true ? resolved : found);
    }
  };
  visit(workspace);
  return new Set(Array.from(names, (entry) => entry.split(" ")[0] ?? ""));
}

/** The path of a dependency in the lock: in the nearest node_modules. */
function find(from: string, name: string): string {
  for (let at = from; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("/"), 0))) {
    if (packages[`${at}/node_modules/${name}`] !== undefined) return `${at}/node_modules/${name}`;
  }
  return `node_modules/${name}`;
}

/**
 * Packages that only the command line may depend on: they are large, or serve people who develop. protoplugin brings a TypeScript
 * compiler, so only those who generate JavaScript install it.
 */
const tools = ["ts-morph", "prettier", "chokidar", "yargs", "@bufbuild/protoplugin", "typescript"];

describe.each(listPublished().filter(({ folder }) => folder !== "cli" && !folder.startsWith("create-")))(
  "an installation of $manifest.name",
  ({ folder }) => {
    it("contains no tool of the command line", () => {
      const installed = listInstalled(folder);
      expect([...tools, "@potter/cli"].filter((name) => installed.has(name))).toEqual([]);
      // The client needs nothing, not even for messages: they are plain ProtoJSON.
      if (folder === "client") expect([...installed]).toEqual([]);
      else expect(installed).toContain("@bufbuild/protobuf");
    });
  },
);

it("finds the dependencies of dependencies", () => {
  expect([...listInstalled("cli")]).toEqual(
    expect.arrayContaining(["yargs", "yargs-parser", "graphql", "@potter/runtime"]),
  );
});
