// A process of journeys.mjs: runs the files that it is told to, one after the other.
import { createRequire } from 'node:module';
import { stopServers } from '../workbench/server.mjs';
import { runFiles } from './mocha.mjs';

const { rootHooks, leave } = createRequire(import.meta.url)(process.argv[2]);
const onTest = (now) => process.send({ now });

// Journeys start servers; a run that ends takes them along, with their folders.
const end = () => stopServers().finally(() => process.exit(143));
process.on('SIGTERM', end);
process.on('disconnect', end);

process.on('message', async (message) => {
  if (message.run) {
    process.send({ outcome: await runFiles({ ...message.run, rootHooks, onTest }) });
    return;
  }
  process.off('disconnect', end);
  // A socket that a test forgot must not keep the worker alive.
  process.send({ remains: await leave() }, () => process.exit(0));
});
