import type { RunningCalls } from "../cqrs/index.js";
import type { AppAccess } from "../engines/index.js";
import type { Lifecycle } from "./lifecycle.js";
import type { OpenStore } from "./open-store.js";

/** Access to an app that can be opened without being started. */
export interface OpenableAccess extends AppAccess {
  /** Opens the store. Until the start of the app, changes leave what follows to other processes, except for projections in `work`. */
  open(options?: { readonly work?: readonly string[] }): Promise<void>;
}

/** `openProjections`: reads their status, and works on the named ones. */
export function createAccess(
  lifecycle: Pick<Lifecycle<unknown>, "start" | "isStarted" | "isStopping" | "refusal">,
  store: OpenStore,
  calls: RunningCalls,
  openProjections: (work: readonly string[]) => Promise<void> | undefined,
): OpenableAccess {
  let leavesWork = false;
  const openStore = async (): Promise<void> => {
    if (lifecycle.isStopping) throw lifecycle.refusal();
    await store.open();
    // Closed meanwhile.
    if (lifecycle.isStopping) throw lifecycle.refusal();
  };
  const access: OpenableAccess = {
    async open({ work = [] } = {}) {
      leavesWork = true;
      await openStore();
      if (!lifecycle.isStarted) await openProjections(work);
    },
    async use(work) {
      await lifecycle.start();
      return calls.track(work());
    },
    async read(work) {
      await openStore();
      return calls.track(work());
    },
    change: (work) => (leavesWork && !lifecycle.isStarted ? access.read(work) : access.use(work)),
  };
  return access;
}
