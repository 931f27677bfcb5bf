import type { DescMessage } from "@bufbuild/protobuf";
import type { ErrorModel, EventModel, FileModel, MethodModel } from "../../model/index.js";

/** Whether a file declares anything that clients use: services, read models or events. */
export function isPublic(file: FileModel): boolean {
  return file.services.length > 0 || file.readModels.length > 0 || eventsOf(file).length > 0;
}

/** The events of a file that calls can wait for: the newest versions of those that are stored. */
export function eventsOf({ events }: FileModel): readonly EventModel[] {
  return events.filter(
    ({ aggregate, supersededBy }) =>
      aggregate !== undefined && aggregate.persistence === "events" && supersededBy === undefined,
  );
}

/** The errors that a method declares. */
export function errorsOf({ role }: MethodModel): readonly ErrorModel[] {
  return role.kind === "command" ? role.errors : [];
}

/** The messages that a client of a file names. */
export function publicMessages(file: FileModel): readonly DescMessage[] {
  const methods = file.services.flatMap((service) => service.methods);
  return [
    ...methods.flatMap(({ desc }) => [desc.input, desc.output]),
    ...methods.flatMap(errorsOf).map(({ desc }) => desc),
    ...file.readModels.map(({ desc }) => desc),
    ...eventsOf(file).map(({ desc }) => desc),
  ];
}
