import type { AnyDesc } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import type { Diagnostics, ElementRef } from "../diagnostics/index.js";

/** Converts a duration to milliseconds. Reports one that is not positive. */
export function buildDuration(
  duration: Duration | undefined,
  option: string,
  ref: ElementRef & { readonly desc: AnyDesc & { readonly name: string } },
  diagnostics: Diagnostics,
  element: string = ref.desc.name,
): number | undefined {
  if (duration === undefined) return undefined;
  const milliseconds = Number(duration.seconds) * 1000 + duration.nanos / 1_000_000;
  if (milliseconds > 0) return milliseconds;
  diagnostics.report("negative-duration", { focus: option, ...ref }, option, element);
  return undefined;
}
