// Writes the API reference of all entry points into reference/, as HTML: npm run docs:reference. It needs a build.
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackage } from "../scripts/install-package.mjs";
import { listEntries, listPublished, root } from "../scripts/published.mjs";

installPackage("tools");
const { Application, OptionDefaults } = await import("typedoc");

/** The source file of each entry point, and the name by which it is imported. */
const entries = new Map(
  listPublished().flatMap((workspace) =>
    listEntries(workspace).map(({ name, declarations }) => {
      const source = declarations.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts");
      return [`${workspace.folder}/${source}`, name];
    }),
  ),
);

const app = await Application.bootstrap({
  name: "Potter",
  entryPoints: [...entries.keys()].map((file) => join(root, file)),
  tsconfig: fileURLToPath(new URL("tsconfig.reference.json", import.meta.url)),
  basePath: root,
  out: join(root, "reference"),
  readme: "none",
  blockTags: [...OptionDefaults.blockTags, "@generated"],
  highlightLanguages: [...OptionDefaults.highlightLanguages, "proto", "sql"],
  excludeInternal: true,
  excludePrivate: true,
  // What a signature needs and no entry point exports is listed in api/README.md.
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  // The build checks types, with the compiler of the repository.
  skipErrorChecking: true,
  disableGit: true,
  sourceLinkTemplate: "https://github.com/potter-framework/potter/blob/main/{path}#L{line}",
  navigationLinks: { Guides: "https://github.com/potter-framework/potter/tree/main/docs" },
});
const project = await app.convert();
if (project === undefined) process.exit(1);
for (const module of project.children ?? []) {
  const file = module.sources?.[0]?.fullFileName ?? "";
  module.name = entries.get(relative(root, file)) ?? module.name;
}
await app.generateOutputs(project);
process.exitCode = app.logger.hasErrors() ? 1 : 0;
