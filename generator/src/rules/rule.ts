import type { Diagnostics } from "../diagnostics/index.js";
import type { Model } from "../model/index.js";

/** Checks one property of a model whose names are resolved, and reports violations. */
export type Rule = (model: Model, diagnostics: Diagnostics) => void;
