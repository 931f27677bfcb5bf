/** The versions of OpenAPI that Potter writes. */
export const versions = ["3.0", "3.1", "3.2"] as const;

export type Version = (typeof versions)[number];

/** A document that is judged. */
export interface JudgedDocument {
  /** Where it comes from, for people. */
  readonly name: string;
  readonly version: Version;
  /** As it was written, in YAML or JSON. */
  readonly text: string;
  /** The same as a value. Judges must not change it. */
  readonly value: OpenApiValue;
}

/** What judges of our own read of a document. */
export interface OpenApiValue {
  readonly openapi: string;
  readonly info?: object;
  readonly servers?: readonly object[];
  readonly security?: readonly object[];
  readonly tags?: readonly object[];
  readonly paths?: Readonly<Record<string, object>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, object>>; readonly securitySchemes?: object };
}
