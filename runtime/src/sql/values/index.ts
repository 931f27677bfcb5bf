// How values are written into and read from columns: text, JSON, stream keys, recorded events.
export { escapeNul, unescapeNul } from "./escape-nul.js";
export { toJsonObject, toMetadata, toNumeral } from "./json.js";
export { atMilliseconds, eventColumns, toRecordedEvent, toStoredEvent } from "./recorded-event.js";
export { bindStream } from "./stream-key.js";
