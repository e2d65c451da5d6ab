/** Faults against transfers: `node out/test/campaign/main.js --schedules N --seed S`. */
import { parseArgs } from 'node:util';
import { campaign, decidedShare, report } from './campaign';

const { values } = parseArgs({
  options: { schedules: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});

void campaign(Number(values.schedules), Number(values.seed)).then((result) => {
  console.log(report(result));
  process.exitCode = result.problems.length === 0 && decidedShare(result) >= 0.99 ? 0 : 1;
});
