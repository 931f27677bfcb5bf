import type { oas32 } from "openapi3-ts";

/** What a file says of the document it becomes part of. */
export interface DocumentOptions {
  readonly info?: Partial<oas32.InfoObject>;
  readonly servers?: oas32.ServerObject[];
  readonly securitySchemes?: { readonly [name: string]: oas32.SecuritySchemeObject };
  readonly security?: oas32.SecurityRequirementObject[];
  readonly tags?: oas32.TagObject[];
  readonly externalDocs?: oas32.ExternalDocumentationObject;
}

/** What a service says of its operations. */
export interface ServiceOptions {
  readonly tag?: string;
  readonly description?: string;
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  readonly security?: oas32.SecurityRequirementObject[];
  readonly hidden?: boolean;
}

/** A header. Its value is a string where no type is said. */
export interface Header {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly example?: string | number | boolean;
  readonly type?: "string" | "number" | "integer" | "boolean";
  readonly format?: string;
}

/** What an rpc says of its operation. */
export interface OperationOptions {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: string[];
  readonly security?: oas32.SecurityRequirementObject[];
  readonly requestHeaders?: Header[];
  readonly responseHeaders?: Header[];
  /** Descriptions of answers, by status or for `default`. */
  readonly responses?: { readonly [status: string]: string };
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  readonly hidden?: boolean;
  readonly deprecated?: boolean;
}

/** What a message or an enum says of its schema. */
export interface SchemaOptions {
  /** The name of its component. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  /** As JSON text. */
  readonly example?: string;
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  readonly readOnly?: boolean;
  readonly deprecated?: boolean;
}

/** What a field says of itself. */
export interface FieldOptions {
  readonly title?: string;
  readonly description?: string;
  /** As JSON text. */
  readonly example?: string;
  /** What the service takes an absent value for, as JSON text. */
  readonly default?: string;
  readonly format?: string;
  readonly hidden?: boolean;
  /** google.api.field_behavior: callers must send it, must not send it, only send it. */
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly deprecated?: boolean;
  readonly keywords?: Keywords;
}

/** What is said of a field's values in keywords of JSON Schema. Nothing but the document knows of it. */
export interface Keywords {
  /** Of the value, or of each item of a list. */
  readonly value?: { readonly [keyword: string]: string | number };
  /** Of a list or a map as a whole. */
  readonly whole?: { readonly [keyword: string]: number | boolean };
}
