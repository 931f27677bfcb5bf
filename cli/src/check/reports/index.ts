// Reports of a comparison: for people, for tools, for GitHub. Pure texts.
import { printGithub } from "./github.js";
import { printJson } from "./json.js";
import { printMarkdown } from "./markdown.js";
import type { Report } from "./report.js";
import { printSarif } from "./sarif.js";
import { printText } from "./text.js";

/** The formats of reports, by their value of `--format`. */
export const formats: Readonly<Record<"text" | "json" | "github" | "markdown" | "sarif", (report: Report) => string>> =
  {
    text: printText,
    json: printJson,
    github: printGithub,
    markdown: printMarkdown,
    sarif: printSarif,
  };

export { countFindings, locateFinding, type Report, type ReportedFinding, type Sources } from "./report.js";
export { printMarkdown };
