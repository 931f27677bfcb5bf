import type { oas32 } from "openapi3-ts";

/** Options of a file, for its document. */
export interface DocumentOptions {
  readonly info?: Partial<oas32.InfoObject>;
  readonly servers?: oas32.ServerObject[];
  readonly securitySchemes?: { readonly [name: string]: oas32.SecuritySchemeObject };
  readonly security?: oas32.SecurityRequirementObject[];
  readonly tags?: oas32.TagObject[];
  readonly externalDocs?: oas32.ExternalDocumentationObject;
}

/** Options of a service, for its operations. */
export interface ServiceOptions {
  readonly tag?: string;
  readonly description?: string;
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  readonly security?: oas32.SecurityRequirementObject[];
  readonly hidden?: boolean;
}

/** A header. Its type is string by default. */
export interface Header {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly example?: string | number | boolean;
  readonly type?: "string" | "number" | "integer" | "boolean";
  readonly format?: string;
}

/** Options of an rpc, for its operation. */
export interface OperationOptions {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: string[];
  readonly security?: oas32.SecurityRequirementObject[];
  readonly requestHeaders?: Header[];
  readonly responseHeaders?: Header[];
  /** Descriptions of responses, by status or for `default`. */
  readonly responses?: { readonly [status: string]: string };
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  readonly hidden?: boolean;
  readonly deprecated?: boolean;
}

/** Options of a message or an enum, for its schema. */
export interface SchemaOptions {
  /** The component name. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  /** As JSON text. */
  readonly example?: string;
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  readonly readOnly?: boolean;
  readonly deprecated?: boolean;
}

/** Options of a field. */
export interface FieldOptions {
  readonly title?: string;
  readonly description?: string;
  /** As JSON text. */
  readonly example?: string;
  /** The value that the service assumes if the field is absent, as JSON text. */
  readonly default?: string;
  readonly format?: string;
  readonly hidden?: boolean;
  /** google.api.field_behavior: REQUIRED, OUTPUT_ONLY, INPUT_ONLY. */
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly deprecated?: boolean;
  readonly keywords?: Keywords;
}

/** JSON Schema keywords from options. They appear in documents only; nothing validates them. */
export interface Keywords {
  /** For the value, or for list items. */
  readonly value?: { readonly [keyword: string]: string | number };
  /** For a list or map as a whole. */
  readonly whole?: { readonly [keyword: string]: number | boolean };
}
