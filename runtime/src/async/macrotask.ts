/** Calls back when what has just happened was dealt with by those who waited for it: not a timer where that can be had. */
export const soon: (work: () => void) => void =
  (globalThis as { setImmediate?: (work: () => void) => void }).setImmediate ?? ((work) => setTimeout(work, 0));
