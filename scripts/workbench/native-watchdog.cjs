// Stands in for the native module @vscode/native-watchdog, which ends a blocked extension host whose server is gone.
// The host also looks for its server by itself, and endProcess ends those that do not.
'use strict';
exports.start = () => {};
exports.exit = (code) => globalThis.process.exit(code ?? 0);
