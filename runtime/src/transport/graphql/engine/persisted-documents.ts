import type { GraphQLError } from "graphql";
import type { Logger } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { LruCache } from "./lru.js";
import type { OperationParams } from "./operation-request.js";
import { requestError, requestErrorOf } from "./request-error.js";

/** Finds the document of an id; returns undefined or null if there is none. */
export type FindDocument = (id: string) => string | null | undefined | Promise<string | null | undefined>;

/** A store of documents by hash that the processes of a service share. */
export interface DocumentStore {
  /** `hash`: SHA-256 of the document in UTF-8, in 64 lower-case hexadecimal digits. */
  get(hash: string): string | null | undefined | Promise<string | null | undefined>;
  /** Keeps a document under its hash. A rejection is logged, and the request still succeeds. */
  set(hash: string, document: string): unknown;
}

/** Documents that clients request by id or hash instead of sending them. */
export interface PersistedDocuments {
  /**
   * Trusted documents by id, or a function that finds the document of an id; its results are cached. Ids are those of
   * `documentId`. A hash of Apollo's protocol is the id `sha256:<hash>`; a key of 64 hexadecimal digits means the same.
   */
  readonly trusted?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | FindDocument;
  /** Whether to execute trusted documents only. Default: `false`. */
  readonly only?: boolean;
  /**
   * Whether clients may register a document under its hash (automatic persisted queries). `true` keeps up to `cachedDocuments`
   * documents in this process; a store shares them between processes. Default: `false`.
   */
  readonly automatic?: boolean | DocumentStore;
}

/** Options of a {@link PersistedDocumentFinder}. */
export interface PersistedDocumentFinderOptions {
  readonly options: PersistedDocuments;
  /** Maximum number of documents in memory. */
  readonly maxDocuments: number;
  /** Whether a document is valid: only valid ones are registered. */
  readonly isValid: (document: string) => boolean;
  readonly logger: Logger;
}

/** The document of a request. */
export type LocatedDocument = { readonly query: string } | { readonly error: GraphQLError };

/** Finds the documents of requests by id or hash. */
export class PersistedDocumentFinder {
  private readonly find: FindDocument | undefined;
  private readonly only: boolean;
  private readonly registered: DocumentStore | undefined;
  /** Whether only this finder writes to `registered`, so that its documents need no check. */
  private readonly isOwnStore: boolean;
  private readonly isValid: (document: string) => boolean;
  private readonly logger: Logger;

  constructor({ options, maxDocuments, isValid, logger }: PersistedDocumentFinderOptions) {
    const { trusted, only = false, automatic = false } = options;
    this.find = toFind(trusted, maxDocuments);
    this.only = only;
    this.isOwnStore = automatic === true;
    this.registered =
      automatic === true ? createMemoryStore(maxDocuments) : automatic === false ? undefined : automatic;
    this.isValid = isValid;
    this.logger = logger;
  }

  /** Returns no promise if the request has no id. */
  locate(params: OperationParams): LocatedDocument | Promise<LocatedDocument> {
    const { query } = params;
    const id = idOf(params);
    if (id === undefined) {
      if (query === undefined) return { error: requestError("invalid_argument", "query must be a GraphQL document") };
      if (this.only)
        return {
          error: requestErrorOf(
            "PERSISTED_QUERY_ID_REQUIRED",
            "only persisted documents are executed: send documentId",
          ),
        };
      return { query };
    }
    if (typeof id !== "string") return { error: id };
    if (this.find !== undefined || this.registered !== undefined) return this.locateNamed(id, query);
    return query === undefined ? { error: notSupported() } : { query };
  }

  private async locateNamed(id: string, query: string | undefined): Promise<LocatedDocument> {
    const trusted = await this.find?.(id);
    if (typeof trusted === "string") {
      return query === undefined || query === trusted ? { query: trusted } : { error: mismatch() };
    }
    const hash = hashOf(id);
    if (query === undefined) {
      const found = hash === undefined ? undefined : await this.readRegistered(hash);
      return found === undefined ? { error: notFound() } : { query: found };
    }
    if (hash !== undefined && hash !== (await sha256(query))) return { error: mismatch() };
    if (this.only) return { error: notFound() };
    if (hash !== undefined && this.registered !== undefined && this.isValid(query)) await this.register(hash, query);
    return { query };
  }

  private async readRegistered(hash: string): Promise<string | undefined> {
    try {
      const document = await this.registered?.get(hash);
      // Others may write to a store of the user, so its documents are verified.
      return typeof document === "string" && (this.isOwnStore || hash === (await sha256(document)))
        ? document
        : undefined;
    } catch (error) {
      this.logger.warn("reading from the store of persisted documents failed", { error });
      return undefined;
    }
  }

  private async register(hash: string, document: string): Promise<void> {
    try {
      await this.registered?.set(hash, document);
    } catch (error) {
      this.logger.warn("writing to the store of persisted documents failed", { error });
    }
  }
}

/** Throws `invalid_argument` for options that contradict each other. */
export function checkPersistedDocuments({ trusted, only = false, automatic = false }: PersistedDocuments): void {
  if (!only) return;
  if (trusted === undefined)
    throw new PotterError(
      "invalid_argument",
      "persistedDocuments has only without trusted documents: nothing could be executed",
    );
  if (automatic !== false) {
    throw new PotterError(
      "invalid_argument",
      "persistedDocuments has only and automatic: a document that a client registers is not trusted",
    );
  }
}

function toFind(trusted: PersistedDocuments["trusted"], maxDocuments: number): FindDocument | undefined {
  if (trusted === undefined) return undefined;
  if (typeof trusted === "function") {
    const kept = new LruCache<string>(maxDocuments);
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

function createMemoryStore(maxDocuments: number): DocumentStore {
  const kept = new LruCache<string>(maxDocuments);
  return { get: (hash) => kept.get(hash), set: (hash, document) => kept.set(hash, document, document.length) };
}

function isMap(trusted: object): trusted is ReadonlyMap<string, string> {
  return typeof (trusted as { readonly get?: unknown }).get === "function";
}

/** The id of the document that a request names, undefined if it names none, or an error. */
function idOf({ documentId, extensions }: OperationParams): string | GraphQLError | undefined {
  if (documentId !== undefined) return check(documentId, "documentId");
  const named = extensions?.["persistedQuery"];
  if (named === undefined || named === null) return undefined;
  const { version, sha256Hash } = named as { readonly version?: unknown; readonly sha256Hash?: unknown };
  if (version !== 1) return notSupported();
  const id = check(sha256Hash, "extensions.persistedQuery.sha256Hash");
  return typeof id === "string" ? toId(id) : id;
}

/** Limits the length of ids, since they are passed to the user's function. */
function check(id: unknown, what: string): string | GraphQLError {
  if (typeof id === "string" && id !== "" && id.length <= 256) return id;
  return requestError("invalid_argument", `${what} must be a string of at most 256 characters`);
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

// Clients of Apollo's protocol recognise these messages and send the document.

function notFound(): GraphQLError {
  return requestErrorOf("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
}

function notSupported(): GraphQLError {
  return requestErrorOf("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported");
}

function mismatch(): GraphQLError {
  return requestErrorOf("PERSISTED_QUERY_MISMATCH", "query is not the document of the id");
}
