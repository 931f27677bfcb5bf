import { isTransient } from "./sql-error.js";

const maxAttempts = 8;

/**
 * Retries a transaction that the database aborted in favour of another, up to 8 times. Full jitter keeps two retries
 * apart.
 */
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
