import * as net from 'node:net';

/** Something that code of the extension began and that has not ended: a timer, a socket, a server. */
export interface Kept {
  readonly what: string;
  /** The frames of the extension that began it. */
  readonly where: string;
}

const kept = new Map<unknown, Kept>();

export function keptResources(): Kept[] {
  return [...kept.values()];
}

type Call = (this: unknown, ...args: unknown[]) => unknown;

/** From now on sees what code in this folder begins, in the process that it shares with the editor's host. */
export function watchResources(folder: string): void {
  const note = (it: unknown, what: string, where: string | undefined): void => {
    if (where) kept.set(it, { what, where });
  };
  const origin = (): string | undefined => {
    const frames = new Error().stack?.split('\n').filter((line) => line.includes(folder)) ?? [];
    return frames.length === 0 ? undefined : frames.slice(0, 5).join('\n');
  };

  const timers = globalThis as unknown as Record<string, Call>;
  for (const [start, stop] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval'],
  ] as const) {
    const [begin, end] = [timers[start], timers[stop]];
    if (!begin || !end) throw new Error(`there is no ${start}`);
    const watched: Call = (callback, ...rest) => {
      const where = origin();
      if (!where || start === 'setInterval') {
        const timer = begin(callback, ...rest);
        note(timer, start, where);
        return timer;
      }
      const timer = begin(
        (...given: unknown[]) => {
          kept.delete(timer);
          return (callback as Call)(...given);
        },
        ...rest,
      );
      note(timer, start, where);
      return timer;
    };
    timers[start] = Object.assign(watched, begin);
    timers[stop] = (timer) => {
      kept.delete(timer);
      return end(timer);
    };
  }

  const closing = (prototype: object, method: string, what: string): void => {
    const methods = prototype as Record<string, Call>;
    const original = methods[method];
    if (!original) throw new Error(`there is no ${method}`);
    methods[method] = function (this: unknown, ...args) {
      const where = origin();
      if (where) {
        note(this, what, where);
        (this as net.Socket).once('close', () => kept.delete(this));
      }
      return Reflect.apply(original, this, args);
    };
  };
  closing(net.Socket.prototype, 'connect', 'socket');
  closing(net.Server.prototype, 'listen', 'server');
}
