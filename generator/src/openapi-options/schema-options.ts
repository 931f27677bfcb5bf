import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { toExternalDocs } from "./document-options.js";
import { readGatewaySchema, readGnosticSchema } from "./external/index.js";
import type { SchemaOptions } from "./options.js";
import { firstSet, set } from "./set.js";

/** The options of a message or an enum. Where several set the same, Potter wins, then gnostic and grpc-gateway. */
export function readSchemaOptions(desc: DescMessage | DescEnum): SchemaOptions {
  const gnostic = desc.kind === "message" ? readGnosticSchema(desc) : undefined;
  return firstSet<SchemaOptions>(readOwn(desc), gnostic, readGatewaySchema(desc));
}

function readOwn(desc: DescMessage | DescEnum): SchemaOptions {
  const options = readOption(desc, desc.kind === "enum" ? potter.openapi_enum : potter.openapi_schema);
  if (options === undefined) return {};
  const { name, title, description, example, externalDocs } = options;
  return set({ name, title, description, example, externalDocs: toExternalDocs(externalDocs) });
}

/** Whether a Potter option sets the example of a message, an enum or a field. */
export function hasOwnExample(desc: DescMessage | DescEnum | DescField): boolean {
  const options =
    desc.kind === "message"
      ? readOption(desc, potter.openapi_schema)
      : desc.kind === "enum"
        ? readOption(desc, potter.openapi_enum)
        : readOption(desc, potter.openapi_field);
  return options?.example !== undefined;
}
