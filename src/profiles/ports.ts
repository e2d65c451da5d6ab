/** What the profiles need from outside; `host` implements it on the editor. */

/** Secret text by id; encrypted by the editor. */
export interface SecretStore {
  get(id: string): Promise<string | undefined>;
  set(id: string, value: string): Promise<void>;
  delete(id: string): Promise<void>;
  /** Tells the id whose value changed, in any window. */
  onDidChange(listener: (id: string) => void): { dispose(): void };
}

/** The one file of profile metadata, shared by all windows. */
export interface ProfileFile {
  /** The text, or `undefined` when there is no file yet. */
  read(): Promise<string | undefined>;
  /** Replaces the file as a whole, or not at all. */
  write(text: string): Promise<void>;
  /** Keeps a copy of a text that cannot be read under another name; answers that name. */
  setAside(text: string): Promise<string>;
  /** Runs alone among all windows. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Some window has written. */
  onDidChange(listener: () => void): { dispose(): void };
}
