import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run, tail } from './children.mjs';
import { installEnvironment } from './environment.mjs';
import { findOnPath, logs } from './paths.mjs';

/** What the tests need of the system, by purpose, and which Debian packages bring it. */
const needs = {
  browser: [
    { what: 'Chromium or Chrome', present: () => Boolean(findChromium()), packages: ['chromium'] },
    { what: 'a font', present: hasFonts, packages: ['fonts-dejavu-core'] },
  ],
  keyring: [
    { what: 'dbus-run-session', present: () => Boolean(findOnPath('dbus-run-session')), packages: ['dbus'] },
    {
      what: 'gnome-keyring',
      present: () => Boolean(findOnPath('gnome-keyring-daemon')),
      packages: ['gnome-keyring'],
    },
    { what: 'libsecret', present: hasLibsecret, packages: ['libsecret-1-0'] },
    { what: 'secret-tool', present: () => Boolean(findOnPath('secret-tool')), packages: ['libsecret-tools'] },
    { what: 'jq', present: () => Boolean(findOnPath('jq')), packages: ['jq'] },
  ],
};

const macApps = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** KUCOIN_CHROMIUM names a browser; otherwise the usual names are looked for. */
export function findChromium() {
  const named = process.env.KUCOIN_CHROMIUM;
  if (named && !existsSync(named))
    throw new Error(`KUCOIN_CHROMIUM names a file that is not there: ${named}`);
  if (named) return named;
  const found = findOnPath(
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'microsoft-edge',
  );
  return found ?? macApps.find((file) => existsSync(file));
}

function hasFonts() {
  if (process.platform !== 'linux') return true;
  const folders = [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(homedir(), '.local/share/fonts'),
    join(homedir(), '.fonts'),
  ];
  return folders.filter((folder) => existsSync(folder)).some(holdsFont);
}

function holdsFont(folder) {
  return readdirSync(folder, { recursive: true }).some((file) => /\.(ttf|otf|ttc)$/i.test(file));
}

function hasLibsecret() {
  if (process.platform !== 'linux') return true;
  const list = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  return list.includes('libsecret-1.so.0');
}

/** Installs what is missing where it may (Debian or Ubuntu, as root); otherwise says what to install. */
export async function ensureSystem(...purposes) {
  const missing = purposes.flatMap((purpose) => needs[purpose]).filter((need) => !need.present());
  if (missing.length === 0) return [];
  const packages = missing.flatMap((need) => need.packages);
  const apt = aptGet();
  if (apt) await install(apt, packages);
  const still = missing.filter((need) => !need.present());
  if (still.length > 0) throw new Error(advice(still, apt));
  return packages;
}

function advice(missing, apt) {
  const names = missing.map((need) => need.what).join(', ');
  const packages = missing.flatMap((need) => need.packages).join(' ');
  const tried = apt ? ` apt-get could not bring it; see ${join(logs, 'apt-get.log')}.` : '';
  return `Missing on this machine: ${names}.${tried} On Debian or Ubuntu: apt-get install ${packages}. Elsewhere, install it by hand; KUCOIN_CHROMIUM may name the browser.`;
}

function aptGet() {
  const program = process.platform === 'linux' && findOnPath('apt-get');
  if (!program) return undefined;
  if (process.getuid() === 0) return [program];
  const sudo = findOnPath('sudo');
  return sudo && spawnSync(sudo, ['-n', 'true']).status === 0 ? [sudo, '-n', program] : undefined;
}

async function install([command, ...before], packages) {
  const log = join(logs, 'apt-get.log');
  const env = installEnvironment({ DEBIAN_FRONTEND: 'noninteractive' });
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120'];
  const apt = (...args) =>
    run(command, [...before, ...options, ...args], { env, log, timeoutMs: 5 * 60_000 });
  if ((await apt('install', '--no-install-recommends', ...packages)).ok) return;
  await apt('update');
  const last = await apt('install', '--no-install-recommends', ...packages);
  if (!last.ok) process.stderr.write(`${tail(log)}\n`);
}
