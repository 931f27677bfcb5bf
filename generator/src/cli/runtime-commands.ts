/** The commands that `@potter/runtime/cli` of the user's project carries out, and what they are for. */
export const runtimeCommands: Readonly<Record<string, string>> = {
  events: "look at events, copy them, replay them",
  streams: "list the streams of events",
  projections: "how read models stand; pause, resume, rebuild them",
  db: "migrate the database, and say how it stands",
  subjects: "forget the personal data of somebody",
};
