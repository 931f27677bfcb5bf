/** Bytes as PostgreSQL writes them: `\x00ff`. */
export function toBytesText(bytes: Uint8Array): string {
  return `\\x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export function readBytes(text: string): Uint8Array {
  return Uint8Array.from({ length: (text.length - 2) / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 + i * 2, 4 + i * 2), 16),
  );
}
