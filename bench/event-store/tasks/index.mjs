import { appendGrown, appendNew, appendNext } from "./append.mjs";
import { load } from "./load.mjs";
import { rebuild } from "./rebuild.mjs";
import { visible } from "./visible.mjs";

/**
 * What contenders are asked to do. `units`: the figures of a slice, by name. `anew`: whether a slice begins from tables that
 * `prepare` has made, so that nobody pays for what was written before. `prepare` and `slice` are called in the child.
 */
export const tasks = { appendNew, appendNext, appendGrown, load, rebuild, visible };
