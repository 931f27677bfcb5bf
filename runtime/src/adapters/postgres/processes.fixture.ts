import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Processes of a program of `scripts/soak`, each replaced by another when it dies. */
export class Processes {
  killed = 0;
  /** The error of the first process that ended by itself, with its output. */
  failure: Error | undefined;
  private readonly program: string;
  private readonly config: (number: number) => Readonly<Record<string, unknown>>;
  private readonly living = new Set<ChildProcess>();
  private readonly exits: Promise<void>[] = [];
  private started = 0;
  private stopping = false;

  /** `config`: returns the configuration of the nth process, from 0. */
  constructor(program: string, config: (number: number) => Readonly<Record<string, unknown>>) {
    this.program = fileURLToPath(new URL(`../../../../scripts/soak/${program}`, import.meta.url));
    this.config = config;
  }

  start(): ChildProcess {
    const child = spawn(process.execPath, [this.program, JSON.stringify(this.config(this.started++))], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr?.on("data", (chunk) => {
      said += chunk;
    });
    this.living.add(child);
    const exit = new Promise<void>((resolve) => {
      child.once("close", (code, signal) => {
        this.living.delete(child);
        if (signal === "SIGKILL") this.killed++;
        // A process that is stopped before it handles the signal ends by it.
        else if (code !== 0 && !(this.stopping && signal === "SIGTERM")) {
          this.failure ??= new Error(`a process ended with ${code ?? signal}: ${said.trim()}`);
        }
        if (!this.stopping && this.failure === undefined) this.start();
        resolve();
      });
    });
    this.exits.push(exit);
    return child;
  }

  /** Kills one process at any point of its work. */
  killOne(): void {
    const [child] = this.living;
    child?.kill("SIGKILL");
  }

  /** Stops all processes gracefully. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const child of this.living) {
      child.kill("SIGTERM");
      // The process may be suspended by a signal.
      child.kill("SIGCONT");
    }
    await Promise.all(this.exits);
  }
}
