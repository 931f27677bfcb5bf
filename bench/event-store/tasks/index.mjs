import { appendGrown, appendNew, appendNext } from "./append.mjs";
import { load } from "./load.mjs";
import { rebuild } from "./rebuild.mjs";
import { visible } from "./visible.mjs";

/**
 * The tasks of contenders. `units`: the measurements of a slice, by name. `anew`: whether a slice starts from tables that
 * `prepare` has created, so that earlier writes do not slow it down. `prepare` and `slice` are called in the child.
 */
export const tasks = { appendNew, appendNext, appendGrown, load, rebuild, visible };
