import assert from 'node:assert/strict';
import { judge, printed, samples, tally, type Outcome } from './corpus';

describe('coding: the corpus', () => {
  const outcomes = samples().map(judge);
  const languages = [...new Set(outcomes.map(({ sample }) => sample.folder))];
  const part = (name: string): Outcome[] => outcomes.filter(({ sample }) => sample.part === name);

  it('has at least 150 files, half of them without KuCoin code', () => {
    assert.ok(outcomes.length >= 150, `${outcomes.length} files`);
    const plain = outcomes.filter(
      ({ sample }) => sample.calls.length + sample.findings.length + sample.secrets === 0,
    );
    assert.ok(plain.length >= outcomes.length * 0.45, `${plain.length} of ${outcomes.length}`);
  });

  it('prints precision and recall per language, and reaches the goals', () => {
    const rows = [
      ...languages.map((language) =>
        tally(
          language,
          outcomes.filter(({ sample }) => sample.folder === language),
        ),
      ),
      tally('held out', part('heldOut')),
      tally('all', outcomes),
    ];
    console.log(printed(rows).replace(/^/gm, '    '));
    for (const row of rows.slice(-2)) {
      assert.ok(row.callsFound >= row.callsThere * 0.95, `recall of calls, ${row.language}`);
      assert.ok(row.falseFindings <= Math.ceil(row.files / 100), `false findings, ${row.language}`);
    }
  });

  for (const outcome of outcomes.filter(({ sample }) => sample.part === 'known'))
    it(`${outcome.sample.folder}/${outcome.sample.name}: finds what stands there, and nothing else`, () => {
      const { missedCalls, falseCalls, missedFindings, falseFindings, secretsOff } = outcome;
      assert.deepEqual(
        { missedCalls, falseCalls, missedFindings, falseFindings, secretsOff },
        { missedCalls: [], falseCalls: [], missedFindings: [], falseFindings: [], secretsOff: 0 },
      );
    });
});
