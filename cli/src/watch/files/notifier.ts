import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { FSWatcher } from "chokidar";
import type { CliError } from "../../cli-error.js";
import { isWithin } from "../../is-within.js";
import { explainWatchError } from "../../watch-error.js";
import { createSelection } from "./selection.js";
import type { Watched } from "./watched.js";

/** Reports that something has changed. What it was must be read: events are late, doubled, or for changes that were undone. */
export interface Notifier {
  /** Watches these files from now on. Reports at least one event for files that were changed before the call. */
  watch(watched: Watched): Promise<void>;
  close(): Promise<void>;
}

/** Where a notifier reports. */
export interface NotifierOptions {
  /** Whether to look at the files again and again, for mounts that send no events. */
  readonly poll: boolean;
  readonly onEvent: () => void;
  /** Some files are not watched. `isFatal`: nor will others be. */
  readonly onError: (error: CliError, isFatal: boolean) => void;
}

/** Creates a notifier on chokidar, which is loaded with the first call of `watch`. */
export function createNotifier({ poll, onEvent, onError }: NotifierOptions): Notifier {
  let current: FSWatcher | undefined;
  let key = "";
  let isClosed = false;
  return {
    watch: async (watched) => {
      const next = JSON.stringify(watched);
      if (next === key || isClosed) return;
      key = next;
      const { watch } = await import("chokidar");
      const select = createSelection(watched);
      const old = current;
      // The first events, one for each file, are wanted: they show what has changed before the folder was watched.
      current = watch([...listRoots(watched)], {
        ignored: (path, stats) => !select(path, stats),
        ...(poll && { usePolling: true, interval: 200 }),
      });
      current.on("all", onEvent);
      current.on("error", (error) => {
        const { code = "" } = error as NodeJS.ErrnoException;
        onError(explainWatchError(error), ["ENOSPC", "EMFILE"].includes(code));
      });
      await old?.close();
    },
    close: async () => {
      isClosed = true;
      await current?.close();
    },
  };
}

/**
 * The outermost folders in which files are, without those in others of them. Folders are watched, not files: an editor replaces a
 * file, and the new one is another file.
 */
export function listRoots({ files, protoFolders, sourceFolder }: Watched): readonly string[] {
  const above = [...files, ...protoFolders].map((path) => nearestFolder(dirname(path)));
  const roots = [...new Set([...above, ...(sourceFolder === undefined ? [] : [sourceFolder])])];
  return roots.filter((root) => !roots.some((other) => other !== root && isWithin(root, other))).sort();
}

function nearestFolder(path: string): string {
  let at = path;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
