import type { AnyDesc } from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import * as google from "../gen/google/api/visibility_pb.js";

/** The labels of google.api.visibility that an element is restricted to; empty if it is not restricted. */
export function readVisibility(desc: AnyDesc): readonly string[] {
  const extension = {
    service: google.api_visibility,
    rpc: google.method_visibility,
    message: google.message_visibility,
    field: google.field_visibility,
    enum: google.enum_visibility,
  }[desc.kind as "service"];
  const rule = extension && readOption(desc, extension);
  return (rule?.restriction ?? "").split(",").flatMap((label) => (label.trim() === "" ? [] : [label.trim()]));
}
