import { writeFileSync } from "node:fs";
import { describe, readResults } from "./results.mjs";
import { toTables } from "./tables.mjs";

const head = `# Results

Written by \`npm run bench -- --report\` from \`results/*.json\`; a full run updates both. Medians of interleaved rounds.
Values of the floor are absolute; of the others, a ratio to the floor of the same run stands alone or in parentheses.
Trust ratios, not times. What the figures say: the README.md of each benchmark.
`;

/** Writes RESULTS.md from the stored results of these benchmarks. */
export function writeResultsPage(names) {
  const sections = names.flatMap((name) => {
    const result = readResults(name);
    return result === undefined ? [] : [toSection(name, result)];
  });
  writeFileSync(new URL("../RESULTS.md", import.meta.url), [head, ...sections].join("\n"));
}

function toSection(name, result) {
  const versions = Object.entries(result.versions).map(([of, version]) => `${of} ${version}`);
  const about = `[What is measured](${name}/README.md). ${describe(result)}. ${versions.join(", ")}.`;
  return `## ${name}\n\n${wrap(about)}\n\n${toTables(result.rows)}\n`;
}

/** Lines of at most 120 characters. */
function wrap(text) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > 120) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join("\n");
}
