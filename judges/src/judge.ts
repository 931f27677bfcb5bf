import type { JudgedDocument, Version } from "./document.js";

/** Somebody else's opinion of OpenAPI documents. */
export interface Judge {
  /** Whose opinion it is. */
  readonly name: string;
  /** The versions of OpenAPI that it knows. */
  readonly versions: readonly Version[];
  /** `light`: documents of any size, in well under a second; `heavy`: writes a client and compiles it. */
  readonly weight: "light" | "heavy";
  /** Rules of this judge that are no measure of our documents. */
  readonly except?: readonly Exception[];
  /** What is wrong with a document, a sentence each; none if it is right. */
  judge(document: JudgedDocument): Promise<readonly string[]>;
}

/** A rule that does not apply, and why. */
export interface Exception {
  /** Complaints that it fits are passed over. */
  readonly complaint: RegExp;
  readonly why: string;
  /** The contract of the repository whose document brings the complaint about. */
  readonly contract: string;
}
