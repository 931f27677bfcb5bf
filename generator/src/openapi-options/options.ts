import type { oas32 } from "openapi3-ts";

/** Options of a file, for its document. */
export interface DocumentOptions {
  /** Title, version, description, contact and license of the API. */
  readonly info?: Partial<oas32.InfoObject>;
  /** The servers of the API. Default: the server of the document itself. */
  readonly servers?: oas32.ServerObject[];
  /** The security schemes, by name. */
  readonly securitySchemes?: { readonly [name: string]: oas32.SecuritySchemeObject };
  /** The security requirements of all operations: a request must satisfy one of them. Default: none. */
  readonly security?: oas32.SecurityRequirementObject[];
  /** Tags of the document, with their descriptions. */
  readonly tags?: oas32.TagObject[];
  /** A link to further documentation. */
  readonly externalDocs?: oas32.ExternalDocumentationObject;
}

/** Options of a service, for its operations. */
export interface ServiceOptions {
  /** The tag of its operations. Default: the name of the service. */
  readonly tag?: string;
  /** Description of the tag, in CommonMark. Default: the comment of the service. */
  readonly description?: string;
  /** A link to further documentation. */
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  /** The security requirements of its operations. Default: those of the document. */
  readonly security?: oas32.SecurityRequirementObject[];
  /** Whether the service is excluded from documents. Default: `false`. */
  readonly hidden?: boolean;
}

/** A header. Its type is string by default. */
export interface Header {
  /** The name, as clients send it. */
  readonly name: string;
  /** Description, in CommonMark. */
  readonly description?: string;
  /** Whether the header must be present. Default: `false`. */
  readonly required?: boolean;
  /** An example of its value. */
  readonly example?: string | number | boolean;
  /** The type of its value. */
  readonly type?: "string" | "number" | "integer" | "boolean";
  /** The format of its value, such as `uuid`. */
  readonly format?: string;
}

/** Options of an rpc, for its operation. */
export interface OperationOptions {
  /** The operation id. Default: `Service_Rpc`. */
  readonly operationId?: string;
  /** The summary. Default: the first paragraph of the comment. */
  readonly summary?: string;
  /** The description, in CommonMark. Default: the rest of the comment. */
  readonly description?: string;
  /** The tags. Default: the tag of the service. */
  readonly tags?: string[];
  /** The security requirements. Default: those of the service, or else of the document. */
  readonly security?: oas32.SecurityRequirementObject[];
  /** Additional headers that clients may send. */
  readonly requestHeaders?: Header[];
  /** Additional headers of a successful response. */
  readonly responseHeaders?: Header[];
  /** Descriptions of responses, by status or for `default`. */
  readonly responses?: { readonly [status: string]: string };
  /** A link to further documentation. */
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  /** Whether the operation is excluded from documents. Default: `false`. */
  readonly hidden?: boolean;
  /** Whether the operation is deprecated, in addition to `deprecated` of the rpc. */
  readonly deprecated?: boolean;
}

/** Options of a message or an enum, for its schema. */
export interface SchemaOptions {
  /** The component name. */
  readonly name?: string;
  /** The title. Default: the name of the message or enum. */
  readonly title?: string;
  /** The description, in CommonMark. Default: the comment. */
  readonly description?: string;
  /** As JSON text. */
  readonly example?: string;
  /** A link to further documentation. */
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  /** Whether the value occurs in responses only. Default: `false`. */
  readonly readOnly?: boolean;
  /** Whether the schema is deprecated. */
  readonly deprecated?: boolean;
}

/** Options of a field. */
export interface FieldOptions {
  /** The title. Default: none. */
  readonly title?: string;
  /** The description, in CommonMark. Default: the comment. */
  readonly description?: string;
  /** As JSON text. */
  readonly example?: string;
  /** The value that the service assumes if the field is absent, as JSON text. */
  readonly default?: string;
  /** The format, such as `uuid`. Default: that of the type. */
  readonly format?: string;
  /** Whether the field is excluded from documents. Default: `false`. */
  readonly hidden?: boolean;
  /** google.api.field_behavior: REQUIRED, OUTPUT_ONLY, INPUT_ONLY. */
  readonly required?: boolean;
  /** Whether the field occurs in responses only. Default: `false`. */
  readonly readOnly?: boolean;
  /** Whether the field occurs in requests only. Default: `false`. */
  readonly writeOnly?: boolean;
  /** Whether the field is deprecated. */
  readonly deprecated?: boolean;
  /** JSON Schema keywords in addition to those of the rules. */
  readonly keywords?: Keywords;
}

/** JSON Schema keywords from options. They appear in documents only; nothing validates them. */
export interface Keywords {
  /** For the value, or for list items. */
  readonly value?: { readonly [keyword: string]: string | number };
  /** For a list or map as a whole. */
  readonly whole?: { readonly [keyword: string]: number | boolean };
}
