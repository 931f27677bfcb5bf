/** The number of events in the store of an app of Potter, one for each order. */
export async function countEvents(app) {
  let count = 0;
  let after = 0;
  for (;;) {
    const { events, position } = await app.store.events.readAll(after, 10_000);
    if (events.length === 0) return count;
    count += events.length;
    after = position;
  }
}
