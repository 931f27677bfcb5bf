import type { Store } from "./rows.js";
/** Keeps everything in this process; gone when it ends. For tests and trials. */
export declare function memory(): Store;
