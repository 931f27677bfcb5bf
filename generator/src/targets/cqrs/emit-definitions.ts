import { runtime } from "../../messages/index.js";
import type { ErrorModel, EventModel } from "../../model/index.js";
import { type Printable, printDocumentation, printString } from "../../printer/index.js";
import type { FileContext } from "./file-context.js";

/** Emits an event of the file as a constant. */
export function emitEvent(context: FileContext, event: EventModel): void {
  const { file, library } = context;
  file.lines(printDocumentation(event.desc));
  file.print(
    "export const ",
    event.name,
    ": ",
    runtime.EventDefinition,
    "<",
    library.types(event.desc),
    "> = ",
    runtime.defineEvent,
    "({",
  );
  for (const line of eventLines(context, event)) file.print("  ", line);
  file.print("});");
  file.print();
}

/** Emits a declared error of the file as a constant. */
export function emitError(context: FileContext, error: ErrorModel): void {
  const { file, library } = context;
  file.lines(printDocumentation(error.desc));
  file.print(
    "export const ",
    error.name,
    ": ",
    runtime.ErrorDefinition,
    "<",
    library.types(error.desc),
    "> = ",
    runtime.defineError,
    "({",
  );
  for (const line of errorLines(context, error)) file.print("  ", line);
  file.print("});");
  file.print();
}

/**
 * Prints a reference to an event: its constant, or its definition again if that constant is in another file, which may not be
 * loaded yet.
 */
export function eventReference(context: FileContext, event: EventModel): Printable {
  return context.isOwn(event) ? event.name : [runtime.defineEvent, "({ ", join(eventLines(context, event)), " })"];
}

/** Prints a reference to an error, like {@link eventReference}. */
export function errorReference(context: FileContext, error: ErrorModel): Printable {
  return context.isOwn(error) ? error.name : [runtime.defineError, "({ ", join(errorLines(context, error)), " })"];
}

function eventLines(context: FileContext, event: EventModel): Printable[] {
  return [
    `type: ${printString(event.type)},`,
    `version: ${event.version},`,
    ["codec: ", context.codec(event.desc), ","],
    ...(event.holdsPersonal ? [["personal: ", runtime.personalData, ","]] : []),
  ];
}

function errorLines(context: FileContext, error: ErrorModel): Printable[] {
  return [`code: ${printString(error.code)},`, ["codec: ", context.codec(error.desc), ","]];
}

function join(lines: readonly Printable[]): Printable {
  return lines.flatMap((line, at) => (at === 0 ? [line] : [" ", line]));
}
