/** What a command says on standard error while it works. */
export interface Progress {
  /** Names what is being done. It is shown in a terminal, and only if the command takes longer than a second. */
  readonly step: (step: string) => void;
  /** Says something at once. */
  readonly say: (text: string) => void;
}

/** How long a command may take before it says what it does, in milliseconds. */
const silence = 1000;

/** Does work that may take long. Nothing is said after it has ended. */
export async function withProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const start = performance.now();
  let current = "";
  const say = (text: string): void => console.error(`potter: ${text}`);
  const show = (): void => {
    if (current !== "") say(`${current} …`);
  };
  const timer = process.stderr.isTTY ? setTimeout(show, silence) : undefined;
  const step = (next: string): void => {
    current = next;
    if (timer === undefined || performance.now() - start < silence) return;
    // This process was busy when the time came.
    clearTimeout(timer);
    show();
  };
  try {
    return await work({ step, say });
  } finally {
    clearTimeout(timer);
  }
}
