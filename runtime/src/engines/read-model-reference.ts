import type { ReadModelDefinition } from "../cqrs/index.js";

/** A read model, or its name: `OrderView`, `shop.orders.v1.OrderView`. */
export type ReadModelReference = string | { readonly definition: ReadModelDefinition };
