// Writes the API report of every entry point of the packages into api/, so that a review sees what changes in the public
// API: npm run api. It reads the declarations of the last build. The entry points are those of `exports` in package.json.
// --strict fails on open points: types that cannot be imported, symbols or members without a docstring, broken links.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { installPackage } from "../scripts/install-package.mjs";
import { listEntries, listPublished, root } from "../scripts/published.mjs";

const strict = process.argv.includes("--strict");
installPackage("tools");
const { CompilerState, Extractor, ExtractorConfig } = await import("@microsoft/api-extractor");

/** @typedef {{ name: string, file: string, declarations: string }} Entry */
/** @typedef {{ missing: string[], undocumented: string[], links: string[] }} Findings */

const readme = `# API reports

One report for each entry point of the packages: what can be imported, with its types. \`npm run api\` writes them from
the last build; CI fails when they differ. A change here is a change of the public API. \`npm run api\` fails if a
public signature mentions a type that no entry point exports, an exported symbol or a member of one has no docstring,
or a link in a docstring leads nowhere; such points are listed below.
`;

const temporary = mkdtempSync(join(tmpdir(), "potter-api-"));
try {
  const sections = listPublished()
    .filter((workspace) => listEntries(workspace).length > 0)
    .map((workspace) => printFindings(workspace.manifest.name, reportPackage(workspace)));
  writeFileSync(join(root, "api/README.md"), [readme, ...sections].join("\n"));
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/**
 * Writes the reports of a package and removes those of entry points that are gone.
 *
 * @param {import("../scripts/published.mjs").Workspace} workspace
 * @returns {Findings}
 */
function reportPackage(workspace) {
  const { folder } = workspace;
  const entries = listEntries(workspace).map(({ name, subpath, declarations }) => ({
    name,
    file: subpath === "." ? "index" : subpath.slice(2).replaceAll("/", "-"),
    declarations: join(root, folder, declarations),
  }));
  const reports = join(root, "api", folder);
  mkdirSync(reports, { recursive: true });
  const configs = entries.map((entry) => configure(folder, entry, entries));
  // One program for all entry points: to build it takes longest.
  const compilerState = CompilerState.create(configs[0], {
    additionalEntryPoints: entries.map(({ declarations }) => declarations),
  });

  /** @type {Map<string, string>} */
  const forgotten = new Map();
  const links = new Set();
  for (const config of configs) {
    Extractor.invoke(config, {
      localBuild: true,
      compilerState,
      messageCallback(message) {
        message.handled = true;
        const place = relative(root, message.sourceFilePath ?? "");
        if (message.messageId === "ae-forgotten-export") {
          const [, name = message.text] = /"(.+?)(?:_\d+)?"/.exec(message.text) ?? [];
          forgotten.set(name, place);
        }
        if (message.messageId === "ae-unresolved-link")
          links.add(`\`${/export "(.+?)"/.exec(message.text)?.[1] ?? message.text}\` (${place})`);
      },
    });
  }

  const texts = entries.map(({ file }) => readFileSync(join(reports, `${file}.api.md`), "utf8"));
  for (const file of readdirSync(reports)) {
    if (!entries.some((entry) => file === `${entry.file}.api.md`)) rmSync(join(reports, file));
  }
  const exported = new Set(texts.flatMap(listExported));
  return {
    missing: [...forgotten].filter(([name]) => !exported.has(name)).map(([name, place]) => `\`${name}\` (${place})`),
    undocumented: entries.flatMap(({ name }, at) =>
      listUndocumented(texts[at] ?? "").map((symbol) => `\`${symbol}\` of \`${name}\``),
    ),
    links: [...links],
  };
}

/** @param {string} folder @param {Entry} entry @param {Entry[]} entries */
function configure(folder, entry, entries) {
  const projectFolder = join(root, folder);
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, "package.json"),
    configObject: {
      projectFolder,
      mainEntryPointFilePath: entry.declarations,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2023",
            lib: ["es2023", "webworker"],
            module: "nodenext",
            moduleResolution: "nodenext",
            types: ["node"],
            typeRoots: [join(root, "node_modules/@types")],
            strict: true,
            skipLibCheck: true,
          },
          files: entries.map(({ declarations }) => declarations),
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: entry.file,
        reportFolder: join(root, "api", folder),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        extractorMessageReporting: {
          default: { logLevel: "warning", addToApiReportFile: false },
          // Nothing is marked @public: what an entry point exports is public.
          "ae-missing-release-tag": { logLevel: "none" },
        },
        // Docstrings are Markdown with links, not TSDoc.
        tsdocMessageReporting: { default: { logLevel: "none" } },
      },
    },
  });
}

/**
 * The names that a report shows as exported.
 *
 * @param {string} report
 * @returns {string[]}
 */
function listExported(report) {
  const declared = [...report.matchAll(/^export (?!\{).*$/gm)].map(([line]) => readName(line));
  const listed = [...report.matchAll(/^export (?:type )?\{ (?:\w+ as )?(\w+) \}/gm)].map(([, name = ""]) => name);
  return [...declared, ...listed];
}

/**
 * The exported symbols of a report that have no docstring, and the members of exported types that have none of their own.
 *
 * @param {string} report
 * @returns {string[]}
 */
function listUndocumented(report) {
  const lines = report.split("\n");
  let owner = "";
  return lines.flatMap((line, at) => {
    if (line.startsWith("export ")) owner = readName(line);
    if (!/^ *\/\/ .*\(undocumented\)$/.test(line)) return [];
    const next = lines[at + 1] ?? "";
    return [next.startsWith("export ") ? readName(next) : `${owner}: ${next.trim()}`];
  });
}

/** @param {string} line the first of an exported declaration */
function readName(line) {
  const words = /^export (?:declare |abstract )*(?:class|const|enum|function|interface|let|namespace|type) (\w+)/;
  return words.exec(line)?.[1] ?? line;
}

/** @param {string} name @param {Findings} findings */
function printFindings(name, { missing, undocumented, links }) {
  const list = (/** @type {string[]} */ items) =>
    items.length === 0 ? ["None."] : [...new Set(items)].sort().map((item) => `- ${item}`);
  const count = missing.length + undocumented.length + links.length;
  process.stdout.write(`${name}: ${count} open points\n`);
  if (strict && count > 0) process.exitCode = 1;
  return [
    `## ${name}`,
    "",
    "Types in public signatures that no entry point exports:",
    "",
    ...list(missing),
    "",
    "Exported symbols and members without a docstring:",
    "",
    ...list(undocumented),
    "",
    "Links in docstrings that lead nowhere:",
    "",
    ...list(links),
    "",
  ].join("\n");
}
