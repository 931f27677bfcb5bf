/** Calls back in the next turn of the event loop, after pending promises. Uses `setImmediate` where there is one. */
export const queueMacrotask: (work: () => void) => void =
  (globalThis as { setImmediate?: (work: () => void) => void }).setImmediate ?? ((work) => setTimeout(work, 0));
