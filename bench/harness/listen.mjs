/** Listens on a free port of this machine. */
export function listen(server, size) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve({ port: server.address().port, size }));
  });
}
