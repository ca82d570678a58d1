// Installs Chromium where that is ours to do: on Debian as root. Tests look at reports with it, and say that they skip where it is not there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const MINUTES = 5;

if (!isThere() && mayInstall()) {
  console.error('Installing chromium with apt-get, for the tests of reports …');
  // The index may be partly out of reach (a third-party mirror) and the install still work.
  apt(['update']);
  const failure = apt(['install', '-y', '--no-install-recommends', 'chromium']);
  if (failure !== undefined) console.error(`warning: reports will not be tested in a browser: ${failure}`);
}

function isThere() {
  if (process.env.RISK_SCORING_CHROMIUM) return true;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => NAMES.some((name) => existsSync(path.join(folder, name))));
}

/** Ubuntu's package of that name only points to a snap, which a container cannot run. */
function mayInstall() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/os-release'))
    return false;
  return /^ID=.?debian/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Why it failed; undefined where it did not. */
function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, encoding: 'utf8', timeout: MINUTES * 60_000, maxBuffer: 64 * 1024 * 1024 };
  const { status, error, stdout, stderr } = spawnSync('apt-get', args, options);
  if (status === 0) return undefined;
  return error?.message ?? `${stdout}${stderr}`.trim().split('\n').at(-1);
}
