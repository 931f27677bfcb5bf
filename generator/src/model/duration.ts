import type { AnyDesc } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import type { Diagnostics, ElementRef } from "../diagnostics/index.js";

/** A duration in milliseconds; one that is not positive is reported. */
export function buildDuration(
  duration: Duration | undefined,
  option: string,
  place: ElementRef & { readonly desc: AnyDesc & { readonly name: string } },
  diagnostics: Diagnostics,
  element: string = place.desc.name,
): number | undefined {
  if (duration === undefined) return undefined;
  const milliseconds = Number(duration.seconds) * 1000 + duration.nanos / 1_000_000;
  if (milliseconds > 0) return milliseconds;
  diagnostics.report("negative-duration", { focus: option, ...place }, option, element);
  return undefined;
}
