import type { ApiDocument, Version } from "./document.js";

interface ToolBase {
  /** Its name in test names and messages. */
  readonly name: string;
  /** The versions of OpenAPI that it supports. */
  readonly versions: readonly Version[];
  /** Rules of this tool that do not apply to our documents. */
  readonly except?: readonly Exception[];
}

/** A third-party tool that checks documents of any size, in well under a second. */
export interface Checker extends ToolBase {
  readonly kind: "checker";
  /** The problems of a document, a sentence each; empty when it is correct. */
  check(document: ApiDocument): Promise<readonly string[]>;
}

/** A third-party tool that generates a client, which must compile. */
export interface ClientGenerator extends ToolBase {
  readonly kind: "client generator";
  /** Writes the client to an empty folder. */
  write(document: ApiDocument, folder: string): Promise<void>;
}

/** A third-party tool that reads OpenAPI documents. */
export type Tool = Checker | ClientGenerator;

/** A rule that does not apply, with the reason. */
export interface Exception {
  /** Problems that match are ignored. */
  readonly problem: RegExp;
  readonly why: string;
  /** The contract of the repository whose document causes the problem. */
  readonly contract: string;
}
