/** A group of commands, such as `events` of `events tail`. */
export interface CommandGroup {
  /** The first word of its commands: `events`. */
  readonly name: string;
  /** What its commands do, in one line without a full stop. */
  readonly summary: string;
  /** The second words of its commands: `tail`. */
  readonly verbs: readonly string[];
}

/** The groups that this release offers, in the order of the help. The command `potter` of any release lists them. */
export const commandGroups: readonly CommandGroup[] = [
  {
    name: "events",
    summary: "show, export, import and replay events",
    verbs: ["tail", "inspect", "export", "import", "replay"],
  },
  { name: "streams", summary: "list event streams", verbs: ["list"] },
  {
    name: "projections",
    summary: "show, pause, resume and rebuild projections; handle dead letters",
    verbs: ["list", "pause", "resume", "rebuild", "dead-letters", "retry", "discard"],
  },
  {
    name: "saga",
    summary: "list, show, pause, resume, retry, skip, cancel and verify sagas",
    verbs: ["list", "show", "pause", "resume", "retry", "skip", "cancel", "verify"],
  },
  {
    name: "schedule",
    summary: "list, retry and cancel commands that are sent later",
    verbs: ["list", "recurring", "retry", "cancel"],
  },
  { name: "subjects", summary: "erase the personal data of a data subject", verbs: ["erase"] },
  { name: "db", summary: "show and migrate the database schema", verbs: ["status", "migrate"] },
];
