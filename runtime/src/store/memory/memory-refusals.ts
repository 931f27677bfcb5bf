import type {
  AppendContext,
  AppendRefusal,
  AppendRequest,
  CommandRecord,
  StreamAppend,
  StreamId,
} from "../ports/index.js";
import type { MemoryCommands } from "./memory-commands.js";
import type { MemoryStreams } from "./memory-streams.js";
import type { MemoryUniqueValues } from "./memory-unique-values.js";

/** Why an append is refused: its command, the version of a stream, or a unique value. */
export class MemoryRefusals {
  private readonly streams: MemoryStreams;
  private readonly commands: MemoryCommands;
  private readonly uniqueValues: MemoryUniqueValues;

  constructor(streams: MemoryStreams, commands: MemoryCommands, uniqueValues: MemoryUniqueValues) {
    this.streams = streams;
    this.commands = commands;
    this.uniqueValues = uniqueValues;
  }

  /** Returns why an append to one stream is refused; undefined if it is not. */
  ofOne(request: AppendRequest): AppendRefusal | undefined {
    return request.command === undefined && request.uniqueValues === undefined
      ? this.ofStream(request)
      : this.of([request], request);
  }

  /** Returns why an append to several streams is refused; undefined if it is not. */
  of(appends: readonly StreamAppend[], { command }: AppendContext): AppendRefusal | undefined {
    const [first] = appends;
    const known = first && this.ofCommand({ command, stream: first.stream });
    if (known !== undefined) return known;
    for (const append of appends) {
      const refusal = this.ofStream(append);
      if (refusal !== undefined) return refusal;
    }
    if (appends.every(({ uniqueValues }) => uniqueValues === undefined)) return undefined;
    const taken = this.uniqueValues.findTaken(appends.map(({ stream, uniqueValues = [] }) => [stream, uniqueValues]));
    return taken && { kind: "value_taken", index: taken.index, value: taken.value };
  }

  /** Returns why the command of an append is refused; undefined if it is not, or there is none. */
  ofCommand({
    command,
    stream,
  }: {
    readonly command?: CommandRecord | undefined;
    readonly stream: StreamId;
  }): AppendRefusal | undefined {
    return command && this.commands.refuse(stream.tenant, command);
  }

  /** Returns why an append of events alone is refused; undefined if it is not. */
  ofStream({ stream, expectedVersion }: StreamAppend): AppendRefusal | undefined {
    const found = this.streams.find(stream);
    if (found?.closed === true) return { kind: "closed", stream };
    const actualVersion = found === undefined ? 0 : found.events.length;
    return actualVersion === expectedVersion ? undefined : { kind: "conflict", actualVersion, stream };
  }
}
