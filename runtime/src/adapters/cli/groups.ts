/** A group of commands, such as `events` of `events tail`. */
export interface CommandGroup {
  /** The first word of its commands: `events`. */
  readonly name: string;
  /** What its commands do, in one line without a full stop. */
  readonly summary: string;
}

/** The groups that this release offers, in the order of the help. The command `potter` of any release lists them. */
export const commandGroups: readonly CommandGroup[] = [
  { name: "events", summary: "show, export, import and replay events" },
  { name: "streams", summary: "list event streams" },
  { name: "projections", summary: "show, pause, resume and rebuild projections; handle dead letters" },
  { name: "saga", summary: "list, show, pause, resume, retry, skip, cancel and verify sagas" },
  { name: "schedule", summary: "list, retry and cancel commands that are sent later" },
  { name: "subjects", summary: "erase the personal data of a data subject" },
  { name: "db", summary: "show and migrate the database schema" },
];
