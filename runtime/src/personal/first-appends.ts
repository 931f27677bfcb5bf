import { isPromise } from "../async/index.js";
import type { AppendRequest, AppendResult, ApplyInline, EventStore } from "../store/ports/index.js";
import { CommandSealer } from "./command-sealer.js";
import { EventSealer } from "./event-sealer.js";
import type { KeyRing } from "./key-ring.js";
import type { PersonalContents } from "./personal-contents.js";
import { ProposedKeys } from "./proposed-keys.js";
import type { SealedRows } from "./sealed-rows.js";
import { Sealer } from "./sealer.js";

/** How long keys for a type of streams are created separately after a new stream had a key already, in milliseconds. */
const separately = 60_000;

/** First appends to streams that are their own subject: they create the key in the same step, where the store can. */
export class FirstAppends {
  private readonly inner: EventStore;
  private readonly ring: KeyRing;
  private readonly contents: PersonalContents;
  private readonly rows: SealedRows | undefined;
  /** Until when keys are created separately, by the type of the stream. */
  private readonly paused = new Map<string, number>();

  /** `inner` keeps the keys, too. `rows` encrypts the rows that inline projections write. */
  constructor(inner: EventStore, ring: KeyRing, contents: PersonalContents, rows: SealedRows | undefined) {
    this.inner = inner;
    this.rows = rows;
    this.ring = ring;
    this.contents = contents;
  }

  fits({ stream, expectedVersion, command, inline, uniqueValues }: AppendRequest): boolean {
    return (
      this.inner.appendWithKeys !== undefined &&
      expectedVersion === 0 &&
      (command === undefined || inline !== undefined) &&
      uniqueValues === undefined &&
      this.contents.ownersOf(stream.type) === "own" &&
      !this.ring.has({ tenant: stream.tenant, subject: stream.id }) &&
      (this.paused.get(stream.type) ?? 0) <= performance.now()
    );
  }

  /** `separate` creates the key first: if there is one already, or there is nothing to encrypt. */
  async append(request: AppendRequest, separate: () => Promise<AppendResult>): Promise<AppendResult> {
    const keys = new ProposedKeys(this.ring);
    const fields = new Sealer(this.ring, keys);
    const sealer = new EventSealer(fields, this.contents);
    const sealing = sealer.seal(request);
    const sealed = isPromise(sealing) ? await sealing : sealing;
    if (keys.stored.length === 0) return separate();
    const { inline, stream } = request;
    if (inline === undefined && request.command === undefined) {
      return this.finish(request, await this.inner.appendWithKeys?.(sealed, keys.stored), keys, separate);
    }
    const commands = new CommandSealer(fields);
    const recording =
      request.command && commands.seal(stream.tenant, request.command, () => this.contents.subjectOf([request]));
    const command = isPromise(recording) ? await recording : recording;
    const byId = new Map(request.events.map((event) => [event.id, event]));
    const revealed: ApplyInline | undefined =
      inline &&
      ((recorded, transaction) =>
        inline(sealer.reveal(recorded, byId), this.rows?.detached(transaction, keys) ?? transaction));
    const begun = await this.inner.appendWithKeys?.(
      { ...sealed, ...(command && { command }), ...(revealed && { inline: revealed }) },
      keys.stored,
    );
    if (begun?.kind === "duplicate") {
      return { ...begun, response: await commands.open(stream.tenant, request.command?.id ?? "", begun.response) };
    }
    return this.finish(request, begun, keys, separate);
  }

  private async finish(
    { stream }: AppendRequest,
    begun: AppendResult | undefined,
    keys: ProposedKeys,
    separate: () => Promise<AppendResult>,
  ): Promise<AppendResult> {
    if (begun !== undefined) {
      if (begun.kind === "appended") keys.adopt();
      return begun;
    }
    const result = await separate();
    // The stream was new, so its subject was not, since streams of another type may have the same ids, or the store
    // cannot append this type in one step. Either is likely to be so again.
    if (result.kind === "appended") this.paused.set(stream.type, performance.now() + separately);
    return result;
  }
}
