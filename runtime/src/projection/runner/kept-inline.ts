import type { ProjectionBuildState } from "../../store/ports/index.js";

/** The checkpoint of an inline projection that has caught up: from then on every append keeps it, so it follows no position. */
export const keptInline: number = Number.MAX_SAFE_INTEGER;

/** Whether every append keeps the build up to date, so that no worker follows the log for it. */
export function isKeptInline({ shards }: ProjectionBuildState): boolean {
  return shards[0]?.position === keptInline;
}
