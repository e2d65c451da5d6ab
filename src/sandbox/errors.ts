/** Why a sandbox could not start. The message is a sentence for the user. */
export type SandboxErrorCode =
  /** The port belongs to another program. */
  | 'EADDRINUSE'
  /** The machine refuses to listen there. */
  | 'LISTEN'
  /** The state file belongs to the other world. */
  | 'STATE_WORLD'
  /** The state file was written by a newer version. */
  | 'STATE_VERSION'
  /** The state file cannot be read or set aside (permissions, a folder in its place). */
  | 'STATE_FILE'
  /** An option, a switch or a control request makes no sense. */
  | 'BAD_OPTION';

export class SandboxError extends Error {
  override readonly name = 'SandboxError';

  constructor(
    readonly code: SandboxErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  static is(error: unknown, code?: SandboxErrorCode): error is SandboxError {
    return error instanceof SandboxError && (code === undefined || error.code === code);
  }
}
