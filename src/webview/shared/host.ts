/** The line to the extension host: typed messages out and in, and the view state that survives hiding. */

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

export interface Host<FromWebview> {
  post(message: FromWebview): void;
  /** What `save` kept, or nothing: read it as outside data, an older version may have written it. */
  saved(): unknown;
  /** View state only: which tab, which order. Everything else is the host's. */
  save(state: unknown): void;
}

/**
 * Connects once. To `ready`, which tells that the page listens, the host answers with everything there is to show.
 * The editor delivers to a webview only what its own host has posted, in the form of its messages.
 */
export function connect<FromWebview>(
  receive: (message: unknown) => void,
): Host<FromWebview | { readonly type: 'ready' }> {
  const api = acquireVsCodeApi();
  let { page, kept } = partsOf(api.getState());
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isKeep(data)) {
      receive(data);
      return;
    }
    ({ kept } = data);
    api.setState({ page, kept });
  });
  return {
    post: (message) => api.postMessage(message),
    saved: () => page,
    save: (state) => {
      page = state;
      api.setState({ page, kept });
    },
  };
}

/** What is kept for a tab: by its page, and by the host, which makes the tab anew of it after a reload of the window. */
interface Parts {
  readonly page?: unknown;
  readonly kept?: unknown;
}

function partsOf(state: unknown): Parts {
  return typeof state === 'object' && state !== null ? state : {};
}

function isKeep(message: unknown): message is { readonly type: 'keep'; readonly kept: unknown } {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'keep';
}
