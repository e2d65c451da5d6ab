// What came of tests: how many { passed, failed, skipped }, the titles that were `retried` with what they met first, the
// `failures` as { title, why }, and the files that it was too `late` to begin, which count as skipped.

export const emptyOutcome = () => ({
  passed: 0,
  failed: 0,
  skipped: 0,
  retried: [],
  failures: [],
  late: [],
});

/** What came of two parts. */
export function plus(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    retried: [...one.retried, ...other.retried],
    failures: [...one.failures, ...other.failures],
    late: [...one.late, ...other.late],
  };
}

export function withFailure(outcome, title, why) {
  return plus(outcome, { ...emptyOutcome(), failed: 1, failures: [{ title, why }] });
}
