// What `@potter/runtime/store` publishes, for authors of stores. Other modules import the folders below it.
export { AppendSignal } from "./subscriptions/index.js";
