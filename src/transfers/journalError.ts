/** Why the journal could not be read or written. Its message may be shown and logged. */
export class JournalError extends Error {
  override readonly name = 'JournalError';

  constructor(
    readonly code: 'diskFull' | 'io' | 'newerVersion' | 'illegal',
    message: string,
  ) {
    super(message);
  }

  static is(error: unknown, code?: JournalError['code']): error is JournalError {
    return error instanceof JournalError && (code === undefined || error.code === code);
  }
}
