import { serve } from "@potter/runtime/node";
import { ws } from "@potter/runtime/ws";
import type { Caller } from "./caller.js";
import { callersOf, transportsOf } from "./surfaces.js";
import { createTrial, type Trial } from "./trial.js";

/** One surface: a caller, and the app that it calls. */
export interface Surface {
  readonly trial: Trial;
  readonly caller: Caller;
}

/** Serves an app for each surface, or, with `shared`, one for all. */
export async function openSurfaces(shared = false): Promise<{ surfaces: readonly Surface[]; close(): Promise<void> }> {
  const surfaces: Surface[] = [];
  const servers: (() => Promise<void>)[] = [];
  const open = async (): Promise<{ readonly trial: Trial; readonly url: string }> => {
    const trial = createTrial(transportsOf());
    const server = await serve(trial.app, { keepAliveTimeout: 120_000, drainTimeout: 0, webSockets: ws() });
    servers.push(() => server.stop());
    return { trial, url: server.url };
  };
  const common = shared ? await open() : undefined;
  const wanted = new RegExp(process.env["POTTER_SURFACES"] ?? "");
  for (const [name, create] of callersOf()) {
    if (!wanted.test(name)) continue;
    const { trial, url } = common ?? (await open());
    surfaces.push({ trial, caller: await create(url, trial.app) });
  }
  const close = async (): Promise<void> => {
    for (const { caller } of surfaces) await caller.close?.();
    for (const stop of servers) await stop();
  };
  return { surfaces, close };
}
