/** Outcome codes of one append, as the functions of the database return them. */
export const outcomes = {
  appended: 0,
  conflict: 1,
  closed: 2,
  duplicate: 3,
  commandMismatch: 4,
  valueTaken: 5,
  /** Another transaction has changed or locked a row of a read model since it was read. */
  rowChanged: 7,
  /** A data subject has a key already, or is erased. */
  keyExists: 8,
} as const;
