import type { JudgedDocument } from "./document.js";
import type { Judge } from "./judge.js";

/** All that a judge has against a document. A judge that gives up has something against it. */
export async function listComplaints(judge: Judge, document: JudgedDocument): Promise<readonly string[]> {
  try {
    return await judge.judge(document);
  } catch (error) {
    return [String(error)];
  }
}

/** What a judge has against a document, but for its exceptions, with the name of the document; for the message of a test. */
export async function ask(judge: Judge, document: JudgedDocument): Promise<readonly string[]> {
  const { except = [] } = judge;
  return (await listComplaints(judge, document))
    .filter((text) => !except.some(({ complaint }) => complaint.test(text)))
    .map((text) => `${document.name} ${document.version}: ${text}`);
}
