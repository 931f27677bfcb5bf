/** Waits for a promise, but only for some milliseconds. Rejects if the promise does. */
export async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await Promise.race([promise, passed]);
  } finally {
    clearTimeout(timer);
  }
}
