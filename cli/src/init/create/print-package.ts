import { type Choices, dependenciesOf, type PackageManager, versions } from "../choices/index.js";

/** Prints package.json. */
export function printPackage(name: string, choices: Choices, manager: PackageManager): string {
  const { dependencies, devDependencies } = dependenciesOf(choices);
  const tools = ["@types/node", "typescript", "vitest"] as const;
  const manifest = {
    name,
    private: true,
    type: "module",
    ...(manager.name !== "npm" && manager.name !== "bun" && manager.version !== undefined
      ? { packageManager: `${manager.name}@${manager.version}` }
      : {}),
    potter: { app: "./dist/src/app.js" },
    scripts: {
      generate: "potter generate",
      build: "potter generate && tsc",
      // The watcher has generated when it starts the command, so that it only compiles.
      dev: `potter watch -- ${manager.name} run serve`,
      serve: "tsc && node dist/src/main.js",
      start: `${manager.name} run build && node dist/src/main.js`,
      test: `${manager.name} run build && vitest run --dir src`,
    },
    dependencies,
    devDependencies: {
      ...devDependencies,
      ...Object.fromEntries(tools.map((tool) => [tool, versions[tool]])),
    },
    // Newer releases of npm run the script that checks buf's program only if the project allows it.
    ...(manager.name === "npm" ? { allowScripts: { "@bufbuild/buf": true } } : {}),
  };
  manifest.devDependencies = Object.fromEntries(
    Object.entries(manifest.devDependencies).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Prints the settings of a package manager that keep node_modules as buf.yaml expects it, by path. */
export function printSettings({ name, isClassicYarn }: PackageManager): Readonly<Record<string, string>> {
  if (name === "pnpm") return { "pnpm-workspace.yaml": `onlyBuiltDependencies:\n  - "@bufbuild/buf"\n` };
  if (name === "yarn" && !isClassicYarn) {
    return { ".yarnrc.yml": "# buf.yaml reads proto files in node_modules.\nnodeLinker: node-modules\n" };
  }
  return {};
}
