/** How one append of a call ended, as the functions of the database say it. */
export const outcomes = {
  appended: 0,
  conflict: 1,
  closed: 2,
  duplicate: 3,
  commandMismatch: 4,
  valueTaken: 5,
  /** Another transaction holds the stream: to be tried again by itself, so that it keeps nobody waiting. */
  busy: 6,
} as const;
