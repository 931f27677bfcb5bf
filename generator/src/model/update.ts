import type { DescMessage } from "@bufbuild/protobuf";
import type { HttpBindingModel, UpdateModel } from "./model.js";

/**
 * What a request updates, if it is bound to PATCH and has a google.protobuf.FieldMask: the field that is the body, or
 * else its only message field besides. With several masks it is the one called `update_mask`.
 */
export function findUpdate(request: DescMessage, http: readonly HttpBindingModel[]): UpdateModel | undefined {
  const patch = http.find(({ method }) => method === "PATCH");
  if (patch === undefined) return undefined;
  const messages = request.fields.flatMap((field) => (field.fieldKind === "message" ? [field] : []));
  const masks = messages.filter(({ message }) => message.typeName === "google.protobuf.FieldMask");
  const mask = masks.find(({ name }) => name === "update_mask") ?? (masks.length === 1 ? masks[0] : undefined);
  if (mask === undefined) return undefined;
  const others = messages.filter((field) => field !== mask && !field.message.typeName.startsWith("google.protobuf."));
  const resource = others.find(({ name }) => name === patch.body) ?? (others.length === 1 ? others[0] : undefined);
  return resource && { mask, resource };
}
