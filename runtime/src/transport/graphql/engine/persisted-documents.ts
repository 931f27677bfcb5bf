import type { GraphQLError } from "graphql";
import type { Logger } from "../../../cqrs/index.js";
import { Lru } from "./lru.js";
import type { OperationParams } from "./operation-request.js";
import { refusal, refusalOf } from "./request-error.js";

/** Finds the document of an id; undefined or null: there is none. */
export type FindDocument = (id: string) => string | null | undefined | Promise<string | null | undefined>;

/** Keeps documents by their hash for all processes of a service. */
export interface DocumentStore {
  /** `hash`: SHA-256 of the document in UTF-8, in 64 lower-case hexadecimal digits. */
  get(hash: string): string | null | undefined | Promise<string | null | undefined>;
  set(hash: string, document: string): unknown;
}

/** Documents that clients name in place of sending them. */
export interface PersistedDocuments {
  /**
   * Documents that are trusted, by id; or who finds the one of an id, which is then kept and not asked for again. Ids are those of
   * `documentId`. The hash of Apollo's protocol is the id `sha256:` and the hash, which a key of 64 hexadecimal digits is too.
   */
  readonly trusted?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | FindDocument;
  /** Whether nothing but what is trusted is executed. Default: `false`. */
  readonly only?: boolean;
  /**
   * Whether clients may leave a document under its hash and name it from then on (automatic persisted queries). `true` keeps as
   * many as `cachedDocuments` says, in this process. Default: `false`.
   */
  readonly automatic?: boolean | DocumentStore;
}

/** What the documents of clients are found with. */
export interface PersistedSetting {
  readonly options: PersistedDocuments;
  /** How many are kept in memory. */
  readonly most: number;
  /** Whether a document may be executed: no other is left. */
  readonly isSound: (document: string) => boolean;
  readonly logger: Logger;
}

/** The document of a request. */
export type Located = { readonly query: string } | { readonly error: GraphQLError };

/** Finds documents by what clients name them. */
export class Persisted {
  private readonly find: FindDocument | undefined;
  private readonly only: boolean;
  private readonly left: DocumentStore | undefined;
  /** Whether documents in `left` have been checked when they were put there. */
  private readonly own: boolean;
  private readonly isSound: (document: string) => boolean;
  private readonly logger: Logger;

  constructor({ options, most, isSound, logger }: PersistedSetting) {
    const { trusted, only = false, automatic = false } = options;
    this.find = toFind(trusted, most);
    this.only = only;
    this.own = automatic === true;
    this.left = automatic === true ? keepInMemory(most) : automatic === false ? undefined : automatic;
    this.isSound = isSound;
    this.logger = logger;
  }

  /** Gives no promise where nothing is named. */
  locate(params: OperationParams): Located | Promise<Located> {
    const { query } = params;
    const id = idOf(params);
    if (id === undefined) {
      if (query === undefined) return { error: refusal("invalid_argument", "query must be the text of a document") };
      if (this.only)
        return { error: refusalOf("PERSISTED_QUERY_ID_REQUIRED", "name a document: no other is executed") };
      return { query };
    }
    if (typeof id !== "string") return { error: id };
    if (this.find !== undefined || this.left !== undefined) return this.locateNamed(id, query);
    return query === undefined ? { error: notSupported() } : { query };
  }

  private async locateNamed(id: string, query: string | undefined): Promise<Located> {
    const trusted = await this.find?.(id);
    if (typeof trusted === "string") {
      return query === undefined || query === trusted ? { query: trusted } : { error: mismatch() };
    }
    const hash = hashOf(id);
    if (query === undefined) {
      const left = hash === undefined ? undefined : await this.take(hash);
      return left === undefined ? { error: notFound() } : { query: left };
    }
    if (hash !== undefined && hash !== (await sha256(query))) return { error: mismatch() };
    if (this.only) return { error: notFound() };
    if (hash !== undefined && this.left !== undefined && this.isSound(query)) await this.leave(hash, query);
    return { query };
  }

  private async take(hash: string): Promise<string | undefined> {
    try {
      const document = await this.left?.get(hash);
      // Who else can write to a store of the user's is not known here.
      return typeof document === "string" && (this.own || hash === (await sha256(document))) ? document : undefined;
    } catch (error) {
      this.logger.warn("the store of persisted documents failed to find one", { error });
      return undefined;
    }
  }

  private async leave(hash: string, document: string): Promise<void> {
    try {
      await this.left?.set(hash, document);
    } catch (error) {
      this.logger.warn("the store of persisted documents failed to keep one", { error });
    }
  }
}

/** Throws for options that contradict one another. */
export function checkPersisted({ trusted, only = false, automatic = false }: PersistedDocuments): void {
  if (!only) return;
  if (trusted === undefined)
    throw new Error("persistedDocuments.only without trusted documents: nothing could be executed");
  if (automatic !== false) {
    throw new Error("persistedDocuments has only and automatic: what any client may leave is not trusted");
  }
}

function toFind(trusted: PersistedDocuments["trusted"], most: number): FindDocument | undefined {
  if (trusted === undefined) return undefined;
  if (typeof trusted === "function") {
    const kept = new Lru<string>(most);
    return async (id) => {
      const known = kept.get(id) ?? (await trusted(id));
      if (typeof known === "string") kept.set(id, known, known.length);
      return known;
    };
  }
  const entries = isMap(trusted) ? [...trusted] : Object.entries(trusted);
  const known = new Map(entries.flatMap((entry) => [entry, [toId(entry[0]), entry[1]] as const]));
  return (id) => known.get(id);
}

function keepInMemory(most: number): DocumentStore {
  const kept = new Lru<string>(most);
  return { get: (hash) => kept.get(hash), set: (hash, document) => kept.set(hash, document, document.length) };
}

function isMap(trusted: object): trusted is ReadonlyMap<string, string> {
  return typeof (trusted as { readonly get?: unknown }).get === "function";
}

/** The id under which a request names a document, undefined if it names none, or what is wrong with it. */
function idOf({ documentId, extensions }: OperationParams): string | GraphQLError | undefined {
  if (documentId !== undefined) return check(documentId, "documentId");
  const named = extensions?.["persistedQuery"];
  if (named === undefined || named === null) return undefined;
  const { version, sha256Hash } = named as { readonly version?: unknown; readonly sha256Hash?: unknown };
  if (version !== 1) return notSupported();
  const id = check(sha256Hash, "extensions.persistedQuery.sha256Hash");
  return typeof id === "string" ? toId(id) : id;
}

/** Ids go to whoever finds their documents, so they are short. */
function check(id: unknown, what: string): string | GraphQLError {
  if (typeof id === "string" && id !== "" && id.length <= 256) return id;
  return refusal("invalid_argument", `${what} must be a text of at most 256 characters`);
}

const prefix = "sha256:";

function toId(key: string): string {
  return isHash(key) ? prefix + key : key;
}

function hashOf(id: string): string | undefined {
  const hash = id.startsWith(prefix) ? id.slice(prefix.length) : undefined;
  return hash !== undefined && isHash(hash) ? hash : undefined;
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

async function sha256(document: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(document));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The messages are those by which clients of Apollo's protocol tell that they have to send the document.

function notFound(): GraphQLError {
  return refusalOf("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
}

function notSupported(): GraphQLError {
  return refusalOf("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported");
}

function mismatch(): GraphQLError {
  return refusalOf("PERSISTED_QUERY_MISMATCH", "query is not the document that is named");
}
