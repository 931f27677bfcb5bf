import { createAccount, open } from "../aggregate/account.fixture.js";
import type { Logger } from "../cqrs/index.js";
import type { Part } from "../engines/index.js";
import type { Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { createTill, type TillHandlers } from "./till.fixture.js";

/** Apps that share a store, like successive or concurrent processes. */
export interface Processes {
  readonly store: Store;
  /** Opens an app with accounts, a till and the given parts. */
  start(parts: readonly Part[], till?: TillHandlers, logger?: Logger): App;
  /** Stops all apps, and the store. */
  stop(): Promise<void>;
}

export async function openProcesses(store: Store): Promise<Processes> {
  const apps: App[] = [];
  await store.start();
  return {
    store,
    start(parts, till = {}, logger) {
      const { events, rows, projections } = store;
      const shared: Store = { ...store, events, rows, projections, start: async () => {}, stop: async () => {} };
      const all = [createAccount(), ...createTill(till), ...parts];
      const app = createApp({ parts: all, store: shared, ...(logger && { logger }) });
      apps.push(app);
      return app;
    },
    async stop() {
      await Promise.all(apps.splice(0).map((app) => app.stop()));
      await store.stop();
    },
  };
}

/** Opens accounts. */
export async function openAccounts(app: App, ...ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((value) => app.send(open, { value })));
}
