import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { readOption } from "../descriptors/index.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { toExternalDocs } from "./document-options.js";
import { set } from "./set.js";

/** What a message or an enum says of its schema. */
export interface SchemaOptions {
  /** The name of its component. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  /** As JSON text. */
  readonly example?: string;
  readonly externalDocs?: oas32.ExternalDocumentationObject;
}

export function readSchemaOptions(desc: DescMessage | DescEnum): SchemaOptions {
  const options = readOption(desc, desc.kind === "enum" ? potter.openapi_enum : potter.openapi_schema);
  if (options === undefined) return {};
  const { name, title, description, example, externalDocs } = options;
  return set({ name, title, description, example, externalDocs: toExternalDocs(externalDocs) });
}
