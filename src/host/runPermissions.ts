import type { Profile } from '../profiles/profile';

/** Where the editor keeps what belongs to one workspace: outside of it, so that no file of it can write it. */
export interface WorkspaceMemory {
  get(): unknown;
  set(value: readonly string[]): PromiseLike<void>;
}

/**
 * Which profiles may be given to programs of this workspace without a question. A key that was replaced has to be
 * allowed anew.
 */
export class RunPermissions {
  constructor(private readonly memory: WorkspaceMemory) {}

  has(profile: Profile): boolean {
    return this.given().includes(nameOf(profile));
  }

  async give(profile: Profile): Promise<void> {
    if (!this.has(profile)) await this.memory.set([...this.given(), nameOf(profile)]);
  }

  /** Takes all of them back; answers of how many profiles. */
  async revoke(): Promise<number> {
    const { length } = this.given();
    await this.memory.set([]);
    return length;
  }

  private given(): readonly string[] {
    const value = this.memory.get();
    return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
  }
}

function nameOf({ id, generation }: Profile): string {
  return `${id}/${generation}`;
}
