/** A new UUID of version 7 (RFC 9562). */
export declare function newId(): string;
