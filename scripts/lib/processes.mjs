import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** The ids of all processes that descend from this one. */
export function descendants(pid) {
  const children = new Map();
  for (const [child, parent] of parents()) children.set(parent, [...(children.get(parent) ?? []), child]);
  const below = (id) => (children.get(id) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parents() {
  if (process.platform === 'win32') return [];
  if (process.platform === 'linux') return readdirSync('/proc').filter(isNumber).flatMap(parentInProc);
  const { stdout = '' } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
}

const isNumber = (name) => /^\d+$/.test(name);

function parentInProc(pid) {
  try {
    // pid (program name, which may hold anything) state ppid ...
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return [[Number(pid), Number(parent)]];
  } catch {
    return [];
  }
}

/** Ends one process by its id, politely and then not, and what it started and left behind. */
export async function endProcess(child, graceMs = 5000) {
  if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
  const family = descendants(child.pid);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(timer);
  family.forEach(killIfAlive);
}

function killIfAlive(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself, as it should.
  }
}
