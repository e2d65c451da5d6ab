import path from 'node:path';
import {
  changeSaved,
  formatSaved,
  noSavedTransfers,
  parseSaved,
  type SavedChange,
  type SavedTransfers,
  type SavedTransfersFile,
} from '../transfers/saved';
import { exclusively, readText, replaceText, setAside } from './files';

export interface SavedTransfersOptions {
  /** Folder that all windows share. */
  readonly folder: string;
  /** The file could not be understood; the text names where it is kept. */
  readonly onNotice: (keptAs: string) => void;
}

/** The saved transfers on this computer, read anew each time: another window may have changed them. */
export class SavedTransfersStore {
  private readonly path: string;
  private readonly file: SavedTransfersFile;

  constructor(private readonly options: SavedTransfersOptions) {
    this.path = path.join(options.folder, 'saved-transfers.json');
    this.file = { read: () => readText(this.path), replace: (text) => replaceText(this.path, text) };
  }

  /** All of them, or why they cannot be read. */
  async read(): Promise<SavedChange> {
    const read = parseSaved(await this.file.read());
    const isDamaged = 'problem' in read && read.problem === 'damaged';
    return isDamaged ? this.change((saved) => ({ saved })) : read;
  }

  /** Reads, changes and writes alone among all windows. A damaged file is kept beside a new one. */
  async change(change: (saved: SavedTransfers) => SavedChange): Promise<SavedChange> {
    let keptAs: string | undefined;
    const changed = await exclusively(`${this.path}.lock`, async () => {
      const text = await this.file.read();
      const read = parseSaved(text);
      if (text !== undefined && 'problem' in read && read.problem === 'damaged') {
        keptAs = await setAside(this.path, text);
        await this.file.replace(formatSaved(noSavedTransfers));
      }
      return changeSaved(this.file, change);
    });
    if (keptAs !== undefined) this.options.onNotice(keptAs);
    return changed;
  }
}
