import { compileClients } from "./compile-clients.js";
import type { ApiDocument } from "./document.js";
import type { Tool } from "./tool.js";

/** Every problem that a tool reports, for each document. A tool that throws reports its error. */
export async function listProblems(
  tool: Tool,
  documents: readonly ApiDocument[],
): Promise<readonly (readonly string[])[]> {
  if (tool.kind === "client generator")
    return compileClients(documents.map((document) => (folder) => tool.write(document, folder)));
  const problems: (readonly string[])[] = [];
  for (const document of documents) {
    try {
      problems.push(await tool.check(document));
    } catch (error) {
      problems.push([String(error)]);
    }
  }
  return problems;
}

/** The problems of all documents that remain after the tool's exceptions, each with the name of its document. */
export async function findProblems(tool: Tool, documents: readonly ApiDocument[]): Promise<readonly string[]> {
  const problems = await listProblems(tool, documents);
  return documents.flatMap((document, at) => withoutExceptions(tool, document, problems[at] ?? []));
}

/** The problems of a document that remain after the tool's exceptions, each with the name of the document. */
export function withoutExceptions(
  { name: tool, except = [] }: Tool,
  { name, version }: ApiDocument,
  problems: readonly string[],
): readonly string[] {
  return problems
    .filter((text) => !except.some(({ problem }) => problem.test(text)))
    .map((text) => `${tool} of ${name} ${version}: ${text}`);
}
