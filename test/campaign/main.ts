/**
 * Faults against transfers: `node out/test/campaign/main.js --schedules N --seed S [--shards K]`.
 *
 * Schedule n plays seed S + n. With shards, as many threads play a part of the seeds each, and the table is of all.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import {
  campaign,
  decidedShare,
  report,
  shardsOf,
  together,
  type CampaignResult,
  type Shard,
} from './campaign';

function inThread(shard: Shard): Promise<CampaignResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(__filename, { workerData: shard });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a shard ended with ${code} and said nothing`)));
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      shards: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const shards = shardsOf(Number(values.schedules), Number(values.seed), Number(values.shards));
  const result = together(await Promise.all(shards.map(inThread)));
  console.log(report(result));
  process.exitCode = result.problems.length === 0 && decidedShare(result) >= 0.99 ? 0 : 1;
}

if (isMainThread) void main();
else {
  const { schedules, seed } = workerData as Shard;
  void campaign(schedules, seed).then((result) => parentPort?.postMessage(result));
}
