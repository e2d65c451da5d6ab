/** Variables that make a child behave as if it ran inside the caller's editor, or build for production. */
const leaks =
  /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_ENV$|NODE_PATH$|NODE_V8_COVERAGE$|GIT_ASKPASS$|BROWSER$)/;
/** What the outer npm tells its scripts would bend an inner npm. */
const npmState =
  /^npm_(package_|lifecycle_|command$|config_(local_prefix|global|production|omit|only|include)$)/i;
const proxies = /^(https?|all|ftp|no)_proxy$/i;

/** For npm and apt-get: the caller's environment, proxies included, without what would change the outcome. */
export function installEnvironment(extra = {}) {
  return pick((name) => !leaks.test(name) && !npmState.test(name), extra);
}

/** For everything else, which talks to loopback only. */
export function cleanEnvironment(extra = {}) {
  return pick((name) => !leaks.test(name) && !proxies.test(name) && !/^npm_/i.test(name), extra);
}

function pick(wanted, extra) {
  const kept = Object.entries(process.env).filter(([name]) => wanted(name));
  return { ...Object.fromEntries(kept), ...extra };
}
