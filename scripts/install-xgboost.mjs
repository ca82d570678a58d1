// Installs XGBoost's library where that is ours to do: on Debian and Ubuntu as root. It is for one trainer only, so nothing fails without it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const LIBRARY = 'libxgboost.so.0';
const PACKAGE = 'libxgboost0';

/** Does nothing where the library is there, or is named in XGBOOST_LIBRARY. */
export function installXGBoost() {
  if (process.platform !== 'linux' || process.env.XGBOOST_LIBRARY || isThere()) return;
  if (!mayInstall()) {
    console.error(
      `For --trainer xgboost alone: apt-get install ${PACKAGE}, or set XGBOOST_LIBRARY to its path.`,
    );
    return;
  }
  console.error(`Installing ${PACKAGE} with apt-get, for --trainer xgboost …`);
  // The index may be partly out of reach (a third-party mirror) and the install still work.
  apt(['update']);
  const failure = apt(['install', '-y', '--no-install-recommends', PACKAGE]);
  if (failure !== undefined) console.error(`warning: --trainer xgboost will not work: ${failure}`);
}

/** Whether the system's loader would find it. */
function isThere() {
  const listed = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  if (listed.status === 0 && listed.stdout.includes('libxgboost.so')) return true;
  return ['/usr/lib', '/usr/local/lib', '/usr/lib64'].some((folder) => {
    if (!existsSync(folder)) return false;
    const places = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...places.map(({ name }) => path.join(folder, name))].some((place) =>
      existsSync(path.join(place, LIBRARY)),
    );
  });
}

function mayInstall() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false;
  return /^ID(?:_LIKE)?=.*(?:debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Why it failed; undefined where it did not. */
function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error, stdout, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
  if (status === 0) return undefined;
  return error?.message ?? `${stdout}${stderr}`.trim().split('\n').at(-1);
}
