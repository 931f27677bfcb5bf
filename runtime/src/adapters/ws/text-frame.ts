const fin = 0x80;
const text = 0x1;

/** Writes a text message of a server as one unmasked frame (RFC 6455, section 5.2). */
export function textFrame(message: string): Buffer {
  const length = Buffer.byteLength(message);
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = fin | text;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length % 2 ** 32, 6);
  }
  frame.write(message, start);
  return frame;
}
