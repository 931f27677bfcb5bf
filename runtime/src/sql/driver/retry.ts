import { isTransient } from "./sql-error.js";

const maxAttempts = 8;

/** Tries a transaction again when the database gave it up for the sake of another. Full jitter, so that two do not meet again. */
export async function retryTransient<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === maxAttempts || !isTransient(error)) throw error;
      await sleep(Math.random() * Math.min(5 * 2 ** attempt, 500));
    }
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
