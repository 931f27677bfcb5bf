import type { ApiDocument, Version } from "./document.js";

/** A third-party tool that reads OpenAPI documents. */
export interface Tool {
  /** Its name in test names and messages. */
  readonly name: string;
  /** The versions of OpenAPI that it supports. */
  readonly versions: readonly Version[];
  /** `light`: documents of any size, in well under a second; `heavy`: generates a client and compiles it. */
  readonly weight: "light" | "heavy";
  /** Rules of this tool that do not apply to our documents. */
  readonly except?: readonly Exception[];
  /** The problems of a document, a sentence each; empty when it is correct. */
  check(document: ApiDocument): Promise<readonly string[]>;
}

/** A rule that does not apply, with the reason. */
export interface Exception {
  /** Problems that match are ignored. */
  readonly problem: RegExp;
  readonly why: string;
  /** The contract of the repository whose document causes the problem. */
  readonly contract: string;
}
