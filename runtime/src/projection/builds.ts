import type { ProjectionBuildId, ProjectionBuildState, Store } from "../store/ports/index.js";
import { isExternal } from "./foreign-target.js";
import type { Projector } from "./projector.js";
import { keptInline } from "./status.js";

/** The builds of the projections of this process, as the store had them a moment ago. */
export class Builds {
  readonly projectors: readonly Projector[];
  all: readonly ProjectionBuildState[] = [];
  private readonly store: Store;
  private readonly turned: (name: string) => void;
  private readonly prepared = new Set<string>();

  /** `turned`: told the name of a projection when another of its builds has become live, whoever has swapped it in. */
  constructor(projectors: readonly Projector[], store: Store, turned: (name: string) => void) {
    this.projectors = projectors;
    this.store = store;
    this.turned = turned;
  }

  /** Looks them up. */
  async refresh(): Promise<void> {
    const before = new Set(this.liveIds());
    this.all = await this.store.projections.list(this.projectors.map(({ name }) => name));
    for (const build of this.all) if (build.state === "live" && !before.has(idOf(build))) this.turned(build.name);
  }

  /** Those of a projection's own version, replaced ones too. */
  of({ name, part }: Projector): readonly ProjectionBuildState[] {
    return this.all.filter((build) => build.name === name && build.version === part.version);
  }

  /** Those of its own version that were not replaced. */
  presentOf(projector: Projector): readonly ProjectionBuildState[] {
    return this.of(projector).filter(({ state }) => state !== "retired");
  }

  /** Whoever keeps a build in this process. */
  projectorOf({ name, version }: ProjectionBuildId): Projector | undefined {
    return this.projectors.find((projector) => projector.name === name && projector.part.version === version);
  }

  /** Those that this process can work on. */
  get work(): readonly { readonly build: ProjectionBuildState; readonly projector: Projector }[] {
    return this.all.flatMap((build) => {
      const projector = this.projectorOf(build);
      return projector === undefined || build.state === "retired" || isKeptInline(build) ? [] : [{ build, projector }];
    });
  }

  /** Makes room for the rows of a build, once. */
  async prepare({ target }: Projector, build: ProjectionBuildId): Promise<void> {
    const id = idOf(build);
    if (this.prepared.has(id)) return;
    await (isExternal(target) ? target.prepare?.(build) : target.prepare?.(this.store, build));
    this.prepared.add(id);
  }

  private liveIds(): readonly string[] {
    return this.all.flatMap((build) => (build.state === "live" ? [idOf(build)] : []));
  }
}

/** Tells builds apart. */
export function idOf({ name, version, generation }: ProjectionBuildId): string {
  return `${version}.${generation} ${name}`;
}

/** Whether every append keeps it, so that nobody follows the events for it. */
export function isKeptInline({ shards }: ProjectionBuildState): boolean {
  return shards[0]?.position === keptInline;
}
