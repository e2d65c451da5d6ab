// What came of tests: { passed, failed, skipped, retried, failures }, the last two as titles and as { title, why }.

export const emptyOutcome = () => ({ passed: 0, failed: 0, skipped: 0, retried: [], failures: [] });

/** What came of two parts. */
export function plus(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    retried: [...one.retried, ...other.retried],
    failures: [...one.failures, ...other.failures],
  };
}

export function withFailure(outcome, title, why) {
  return plus(outcome, { ...emptyOutcome(), failed: 1, failures: [{ title, why }] });
}
