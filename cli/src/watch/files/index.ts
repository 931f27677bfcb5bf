// The files that `potter watch` looks at: which ones count, their digests, and events of the file system. Generates nothing.
export { createGitLock } from "./git-lock.js";
export { createNotifier, listRoots, type Notifier } from "./notifier.js";
export { createSelection } from "./selection.js";
export { listDifferences, type Snapshot, SnapshotReader } from "./snapshot.js";
export { listSourceChanges } from "./source-changes.js";
export { readConfiguration, readWatched, type WatchChoice, type Watched } from "./watched.js";
