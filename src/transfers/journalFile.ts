/**
 * The file under a journal, as its host provides it. It is shared by several windows and only ever grows.
 * Rejections carry the system's code (`ENOSPC`, `EACCES`, …) as `code`.
 */
export interface JournalFile {
  /** Bytes in the file; 0 when it does not exist. */
  size(): Promise<number>;
  /** The bytes from `offset` to the end; none when there are none. */
  read(offset: number): Promise<Buffer>;
  /**
   * Adds the bytes at the end in one write (O_APPEND) and flushes them to the disk before it resolves.
   * Makes file and folder where they are missing. Answers the size of the file afterwards.
   */
  append(bytes: Buffer): Promise<number>;
  /** Keeps bytes in a new sibling file `NAME.damaged-TIME`; answers its name without the folder. */
  setAside(bytes: Buffer): Promise<string>;
  /** A file beside the journal that may be lost at any time; none where left out. */
  readonly index?: {
    /** Its bytes; `undefined` when there is none. */
    read(): Promise<Buffer | undefined>;
    /** Puts a new one in its place, whole or not at all. */
    write(bytes: Buffer): Promise<void>;
  };
}
