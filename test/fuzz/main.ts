/**
 * `npm run fuzz -- --cases 100000 --seed 1 [--only NAME] [--jobs 2]`: malformed answers, frames, files, requests and
 * programs, as many for each parser, on several threads.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fuzz, type FuzzResult } from './fuzz';
import { parsers } from './parsers';

interface Job {
  readonly name: string;
  readonly cases: number;
  readonly seed: number;
}

interface Done extends FuzzResult {
  /** Of the thread, after a full collection; growth from job to job would be a leak. */
  readonly heapMb: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      jobs: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const [cases, seed] = [Number(values.cases), Number(values.seed)];
  const names = Object.keys(parsers).filter((each) => each.includes(values.only));
  // The long ones first, so that no thread is left with one of them at the end.
  const isAnswer = (name: string): number => Number(name.startsWith('answer '));
  const queue = names.sort((a, b) => isAnswer(a) - isAnswer(b)).map((name): Job => ({ name, cases, seed }));
  const started = performance.now();
  const all: Done[] = [];
  await Promise.all(
    Array.from({ length: Math.min(Number(values.jobs), queue.length) }, () =>
      follow(queue, (done) => {
        all.push(done);
        tell(done);
      }),
    ),
  );
  const sum = (read: (done: Done) => number): number => all.reduce((total, done) => total + read(done), 0);
  const finds = sum((done) => done.finds.length);
  const heaps = all.map(({ heapMb }) => heapMb);
  const answers = all.filter(({ name }) => isAnswer(name) === 1);
  console.log(
    `${all.length} parsers (${answers.length} of answers), ${sum((done) => done.cases)} cases, ${finds} finds, ` +
      `${Math.round((performance.now() - started) / 1000)} s; worst case ${Math.max(...all.map(({ worstMs }) => worstMs)).toFixed(0)} ms; ` +
      `heap of a thread ${Math.min(...heaps).toFixed(0)} to ${Math.max(...heaps).toFixed(0)} MB`,
  );
  process.exitCode = finds === 0 && all.length > 0 ? 0 : 1;
}

/** One thread takes job after job. */
async function follow(queue: Job[], onDone: (done: Done) => void): Promise<void> {
  const worker = new Worker(__filename, { workerData: 'fuzz' });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`a thread ended with ${code}`)));
      const next = (): void => {
        const job = queue.shift();
        if (job) worker.postMessage(job);
        else resolve();
      };
      worker.on('message', (done: Done) => {
        onDone(done);
        next();
      });
      next();
    });
  } finally {
    await worker.terminate();
  }
}

function tell({ name, cases, refused, ms, worstMs, finds }: Done): void {
  const share = Math.round((100 * refused) / cases);
  console.log(
    `${name.padEnd(40)} ${cases} cases, ${(ms / 1_000).toFixed(1)} s, ${((1_000 * ms) / cases).toFixed(0)} µs each, worst ${worstMs.toFixed(0)} ms, ${share} % refused, ${finds.length} finds`,
  );
  for (const find of finds) console.log(`  ${find}`);
}

function work(): void {
  parentPort?.on('message', ({ name, cases, seed }: Job) => {
    void fuzz(name, cases, seed).then((result) => {
      globalThis.gc?.();
      const done: Done = { ...result, heapMb: process.memoryUsage().heapUsed / 2 ** 20 };
      parentPort?.postMessage(done);
    });
  });
}

if (isMainThread || workerData !== 'fuzz') void main();
else work();
