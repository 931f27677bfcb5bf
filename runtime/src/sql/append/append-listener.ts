import type { RecordedEvent } from "../../store/ports/index.js";

/** Receives events that were appended, if their positions and times are known. */
export interface AppendListener {
  readonly isListening: boolean;
  /** `losses`: the number of lost connections before the append. */
  appended(events: readonly RecordedEvent[], losses: number | undefined): void;
}
