import type { DescMessage } from "@bufbuild/protobuf";
import type { HttpBindingModel, UpdateModel } from "./model.js";

/**
 * Finds the mask and the resource of a request that is bound to PATCH and has a google.protobuf.FieldMask. The resource is the
 * body, or else the only other message field. Of several masks, `update_mask` is chosen.
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
