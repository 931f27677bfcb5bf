import type { Failure } from "../errors/index.js";
import type { Phase, RunReport } from "../generation/index.js";
import type { Exit } from "./server.js";

/** What a watcher does, in the order in which it happens. */
export type WatchEvent =
  | { readonly event: "generating"; readonly changed: readonly string[] }
  | { readonly event: "superseded" }
  | {
      readonly event: "generated";
      readonly report: RunReport;
      readonly scaffold: string;
      readonly phases: readonly Phase[];
    }
  | { readonly event: "failed"; readonly failure: Failure }
  | { readonly event: "note"; readonly message: string }
  | { readonly event: "stopping"; readonly command: string; readonly changed: readonly string[] }
  /** `changed`: why a command that has ended by itself is started again. */
  | {
      readonly event: "started";
      readonly command: string;
      readonly pid: number | undefined;
      readonly changed: readonly string[];
    }
  | ({ readonly event: "exited"; readonly command: string } & Exit)
  | { readonly event: "watching" }
  | { readonly event: "ended" };
