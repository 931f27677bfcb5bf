/** The versions of OpenAPI that Potter writes. */
export const versions = ["3.0", "3.1", "3.2"] as const;

export type Version = (typeof versions)[number];

/** A document under test. */
export interface ApiDocument {
  /** Its origin, for messages. */
  readonly name: string;
  readonly version: Version;
  /** Its text, in YAML or JSON. */
  readonly text: string;
  /** The parsed document. Tools must not change it. */
  readonly value: OpenApiValue;
}

/** The parts of a document that our own checks read. */
export interface OpenApiValue {
  readonly openapi: string;
  readonly info?: object;
  readonly servers?: readonly object[];
  readonly security?: readonly object[];
  readonly tags?: readonly object[];
  readonly paths?: Readonly<Record<string, object>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, object>>; readonly securitySchemes?: object };
}
