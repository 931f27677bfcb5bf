import { streamItemIdOf } from "../../cqrs/index.js";
import type { SharedMessage } from "../../http/index.js";
import { DataCopy } from "./data-copy.js";
import { itemFrame } from "./frames.js";

/** Maximum number of items of a method that are remembered: its streams get them nearly at the same time. */
const maxItems = 4;

/** Maximum number of ids of streams for which a frame is kept. Many clients have the same, since most count their calls. */
const maxFrames = 16;

/** What the streams of one method send: an item that several of them send is written once, unless it changes meanwhile. */
export class SharedItems {
  private streams = 0;
  private readonly items: SharedItem[] = [];
  /** The one to be replaced next. */
  private oldest = 0;

  /** A stream begins. */
  join(): void {
    this.streams++;
  }

  /** A stream has ended. */
  leave(): void {
    this.streams--;
    if (this.streams > 1) return;
    this.items.length = 0;
    this.oldest = 0;
  }

  /** Returns the frame of an item. `id`: that of the call, as JSON. `write`: writes the item as JSON. */
  frame(id: string, item: unknown, write: (item: unknown) => string): string | SharedMessage {
    const position = streamItemIdOf(item);
    if (this.streams > 1 && typeof item === "object" && item !== null) {
      const known = this.items.find((one) => one.item === item);
      if (known !== undefined) return known.frame(id, position, write);
      this.items[this.oldest] = new SharedItem(item);
      this.oldest = (this.oldest + 1) % maxItems;
    }
    return itemFrame(id, write(item), position);
  }
}

/** An item that one stream has sent. Copied when another one sends it. */
class SharedItem {
  readonly item: object;
  private copy: DataCopy | undefined;
  private text = "";
  private position: string | undefined;
  private frames: Map<string, SharedMessage> = new Map();

  constructor(item: object) {
    this.item = item;
  }

  frame(id: string, position: string | undefined, write: (item: unknown) => string): string | SharedMessage {
    if (position !== this.position || this.copy?.equals(this.item) !== true) {
      this.text = write(this.item);
      this.position = position;
      this.copy = DataCopy.of(this.item);
      this.frames.clear();
    }
    const known = this.frames.get(id);
    if (known !== undefined) return known;
    const text = itemFrame(id, this.text, position);
    if (this.copy === undefined || this.frames.size >= maxFrames) return text;
    const message = { text };
    this.frames.set(id, message);
    return message;
  }
}
