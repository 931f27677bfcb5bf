import type { ProjectionBuildId, ProjectionBuildState, Store } from "../../store/ports/index.js";
import { isExternal, type Projector } from "../declaration/index.js";
import { isKeptInline } from "./kept-inline.js";

/** The builds of the projections of this process, as of the last refresh. */
export class Builds {
  readonly projectors: readonly Projector[];
  all: readonly ProjectionBuildState[] = [];
  private readonly store: Store;
  private readonly onPromoted: (name: string) => void;
  private readonly prepared = new Set<string>();
  private hasEndedActing = false;

  /** `onPromoted` receives the name of a projection when another of its builds is live, whichever process promoted it. */
  constructor(projectors: readonly Projector[], store: Store, onPromoted: (name: string) => void) {
    this.projectors = projectors;
    this.store = store;
    this.onPromoted = onPromoted;
  }

  /** Reads them from the store. */
  async refresh(): Promise<void> {
    this.update(await this.store.projections.list(this.projectors.map(({ name }) => name)));
  }

  /** Takes them as the store has reported them. */
  update(all: readonly ProjectionBuildState[]): void {
    const before = new Set(this.liveKeys());
    this.all = all;
    for (const build of this.all)
      if (build.state === "live" && !before.has(buildKey(build))) this.onPromoted(build.name);
  }

  /** Builds of a projection's own version, retired ones included. */
  of({ name, part }: Projector): readonly ProjectionBuildState[] {
    return this.all.filter((build) => build.name === name && build.version === part.version);
  }

  /** Builds of a projection's own version that are not retired. */
  presentOf(projector: Projector): readonly ProjectionBuildState[] {
    return this.of(projector).filter(({ state }) => state !== "retired");
  }

  /** From now on, no build of a consumer that acts is work of this process. */
  endActing(): void {
    this.hasEndedActing = true;
  }

  /** Builds that this process can work on. */
  get work(): readonly { readonly build: ProjectionBuildState; readonly projector: Projector }[] {
    return this.all.flatMap((build) => {
      const projector = this.projectorOf(build);
      if (projector === undefined || build.state === "retired" || isKeptInline(build)) return [];
      return this.hasEndedActing && projector.part.acts !== undefined ? [] : [{ build, projector }];
    });
  }

  /** Lets the target prepare what a build needs, once. */
  async prepare({ target }: Projector, build: ProjectionBuildId): Promise<void> {
    const key = buildKey(build);
    if (this.prepared.has(key)) return;
    await (isExternal(target) ? target.prepare?.(build) : target.prepare?.(this.store, build));
    this.prepared.add(key);
  }

  private projectorOf({ name, version }: ProjectionBuildId): Projector | undefined {
    return this.projectors.find((projector) => projector.name === name && projector.part.version === version);
  }

  private liveKeys(): readonly string[] {
    return this.all.flatMap((build) => (build.state === "live" ? [buildKey(build)] : []));
  }
}

/** Identifies a build in a Map or Set. */
export function buildKey({ name, version, generation }: ProjectionBuildId): string {
  return `${version}.${generation} ${name}`;
}
