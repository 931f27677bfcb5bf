import { error, warning } from "./entry.js";

/** Diagnostics about options of Go Potter. */
export const legacyCatalogue = {
  "legacy-option": warning(
    (option: string, element: string, _instead: string, _lost: string) =>
      `(${option}) of ${element} is an option of Go Potter`,
    (_option, _element, instead, lost) => {
      const what = instead === "" ? "remove it, as the options of potter.v1 say the same," : `write ${instead}`;
      return `${what} or run potter migrate${lost === "" ? "" : `. Without counterpart: ${lost}`}`;
    },
  ),
  "legacy-without-counterpart": warning(
    (option: string, element: string, _why: string) => `(${option}) of ${element} has no effect`,
    (_option, _element, why) => `remove it, or run potter migrate: ${why}`,
  ),
  "legacy-contradiction": error(
    (option: string, element: string, fields: string, other: string) =>
      `(${option}) of ${element} contradicts ${fields} of (${other})`,
    (option, _element, _fields, other) => `remove (${option}), or correct (${other}): only the latter has an effect`,
  ),
} as const;
