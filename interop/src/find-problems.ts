import type { ApiDocument } from "./document.js";
import type { Tool } from "./tool.js";

/** Every problem that a tool reports of a document. A tool that throws reports its error. */
export async function listProblems(tool: Tool, document: ApiDocument): Promise<readonly string[]> {
  try {
    return await tool.check(document);
  } catch (error) {
    return [String(error)];
  }
}

/** The problems that remain after the tool's exceptions, each with the name of the document. */
export async function findProblems(tool: Tool, document: ApiDocument): Promise<readonly string[]> {
  const { except = [] } = tool;
  return (await listProblems(tool, document))
    .filter((text) => !except.some(({ problem }) => problem.test(text)))
    .map((text) => `${document.name} ${document.version}: ${text}`);
}
