import type { Diagnostics } from "../diagnostics/index.js";
import type { Model } from "../model/index.js";

/** Checks one thing of a model whose names are resolved. */
export type Rule = (model: Model, diagnostics: Diagnostics) => void;
