/** What a server answers that returns each request, in the protocol of its path. `body`: the bytes of the request. */
export function answer(path, body) {
  return path === "/trpc/echo" ? Buffer.concat([before, body, after]) : body;
}

const before = Buffer.from('{"result":{"data":');
const after = Buffer.from("}}");
