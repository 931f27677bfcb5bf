// What the transport needs of an app of `@potter/runtime`, described by its shape: the client does not depend on the runtime.

/** A codec of the runtime. */
export interface LocalCodec {
  /** Creates a message. Returns a given message as it is. */
  create(init?: unknown): unknown;
  /** Converts a message to ProtoJSON. */
  toJson(message: unknown): unknown;
  /** Converts ProtoJSON to a message. */
  fromJson(json: never): unknown;
}

/** A method of the app, and what calls it. */
export interface LocalMethod {
  /** The method as the app knows it. */
  readonly method: {
    readonly service: string;
    readonly name: string;
    readonly request: LocalCodec;
    readonly response: LocalCodec;
  };
  /** Calls the method. Rejects with a PotterError. */
  invoke(request: unknown, options: never): Promise<LocalResult>;
}

/** The outcome of a call. */
export interface LocalResult {
  /** The response; an async iterable of them where the response is a stream. */
  readonly response: unknown;
  /** The version of the aggregate after the call. */
  readonly version?: number;
}

/** An app in the same process. */
export interface LocalApp {
  /** All methods that it serves. */
  readonly methods: readonly LocalMethod[];
}
