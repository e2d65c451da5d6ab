// Stands in for the native module @vscode/spdlog in a server that was installed without a compiler: the same calls,
// lines appended to the same files. Without it output channels stay empty. No rotation: such a server lives for minutes.
'use strict';
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];
let globalLevel = 2;

class Logger {
  constructor(type, name, file) {
    this.file = type.startsWith('stdout') ? undefined : file;
    this.level = globalLevel;
    this.formatted = true;
    if (this.file) mkdirSync(dirname(this.file), { recursive: true });
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.formatted = false;
  }
  flush() {}
  drop() {
    this.file = undefined;
  }
  write(level, message) {
    if (level < this.level || !this.file) return;
    const line = this.formatted ? `${timestamp()} [${levels[level]}] ${message}\n` : message;
    try {
      appendFileSync(this.file, line);
    } catch {
      // A log that cannot be written must not end the server.
    }
  }
}

levels.slice(0, 6).forEach((name, level) => {
  const method = name === 'warning' ? 'warn' : name;
  Logger.prototype[method] = function (message) {
    this.write(level, message);
  };
});

function timestamp() {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 23).replace('T', ' ');
}

function createLogger(name, file) {
  return Promise.resolve(new Logger('rotating', name, file));
}

exports.version = 11500;
exports.setLevel = (level) => {
  globalLevel = level;
};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
