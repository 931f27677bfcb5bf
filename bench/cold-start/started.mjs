/** The child's side: reports the port, then the CPU time of the process when it is asked. */
export function answerParent(port) {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send((user + system) / 1_000);
  });
  process.on("disconnect", () => process.exit(0));
  process.send(port);
}
