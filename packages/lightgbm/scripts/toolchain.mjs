// The tools that compile LightGBM: found, installed where that is ours to do, or named in one error.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BuildError } from './build-error.mjs';

/** Finds cmake, a make tool and a C++ compiler; on Debian and Ubuntu as root, installs what is missing. */
export function requireToolchain(log) {
  let missing = missingTools();
  if (missing.length > 0 && mayInstallWithApt()) {
    installWithApt(missing, log);
    missing = missingTools();
  }
  if (missing.length > 0) throw new BuildError(missingToolsMessage(missing));
  return describeToolchain();
}

/** The names of the tools that are not there, in words. */
function missingTools() {
  const missing = [];
  if (!isCommand('cmake')) missing.push('cmake');
  if (process.platform === 'win32') return missing.concat(visualStudioThere() ? [] : ['a C++ compiler']);
  if (!isCommand('make') && !isCommand('ninja')) missing.push('make');
  if (!compiler('CXX', ['c++', 'g++', 'clang++']) || !compiler('CC', ['cc', 'gcc', 'clang'])) {
    missing.push('a C++ compiler');
  }
  if (process.platform === 'darwin' && !process.env.CXX && !openmpOnMac()) missing.push('libomp');
  return missing;
}

/** What the message says and which commands it offers, by system. */
export function missingToolsMessage(missing, system = currentSystem()) {
  const names = missing.length > 1 ? `${missing.slice(0, -1).join(', ')} and ${missing.at(-1)}` : missing[0];
  const lines = [
    `LightGBM cannot be built: ${names} ${missing.length > 1 ? 'are' : 'is'} missing on this machine.`,
    'Install with:',
    ...installCommands(system).map((command) => `  ${command}`),
    'and start this build again. Or set LIGHTGBM_LIBRARY to the path of a lib_lightgbm that is already built.',
  ];
  return lines.join('\n');
}

function installCommands(system) {
  switch (system) {
    case 'debian':
      return ['sudo apt-get update && sudo apt-get install -y --no-install-recommends cmake make g++'];
    case 'fedora':
      return ['sudo dnf install -y cmake make gcc-c++'];
    case 'alpine':
      return ['sudo apk add cmake make g++'];
    case 'darwin':
      return ['xcode-select --install', 'brew install cmake libomp'];
    case 'win32':
      return [
        'winget install Kitware.CMake',
        'winget install Microsoft.VisualStudio.2022.BuildTools --override "--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"',
      ];
    default:
      return ['your package manager: cmake (3.10 or later), make and a C++ compiler with OpenMP'];
  }
}

function currentSystem() {
  if (process.platform === 'darwin' || process.platform === 'win32') return process.platform;
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return linuxFamily(release);
}

/** The family of a Linux distribution by its os-release file. */
export function linuxFamily(osRelease) {
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) =>
    match[1].split(' '),
  );
  if (ids.some((id) => id === 'debian' || id === 'ubuntu')) return 'debian';
  if (ids.some((id) => id === 'fedora' || id === 'rhel')) return 'fedora';
  return ids.includes('alpine') ? 'alpine' : 'linux';
}

function mayInstallWithApt() {
  return (
    process.platform === 'linux' &&
    process.getuid() === 0 &&
    isCommand('apt-get') &&
    currentSystem() === 'debian'
  );
}

function installWithApt(missing, log) {
  log(`Missing: ${missing.join(', ')}. Installing cmake, make and g++ with apt-get …`);
  // The index may be partly out of reach (a third-party mirror) and the install still work.
  run('apt-get', ['update'], { mayFail: true });
  run('apt-get', ['install', '-y', '--no-install-recommends', 'cmake', 'make', 'g++']);
}

function run(command, args, { mayFail = false } = {}) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync(command, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.status === 0 || mayFail) return;
  const tail = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-15).join('\n');
  throw new BuildError(`${command} ${args.join(' ')} failed:\n${tail}`);
}

function describeToolchain() {
  const cxx = process.platform === 'win32' ? undefined : compiler('CXX', ['c++', 'g++', 'clang++']);
  return {
    cmake: firstLine('cmake', ['--version']).replace('cmake version ', ''),
    compiler: cxx ? firstLine(cxx, ['--version']) : 'Visual Studio',
    generator: process.platform !== 'win32' && !isCommand('make') ? 'Ninja' : undefined,
  };
}

function compiler(variable, names) {
  const chosen = process.env[variable];
  if (chosen) return isCommand(chosen) ? chosen : undefined;
  return names.find(isCommand);
}

function isCommand(name) {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  if (name.includes('/') || name.includes('\\')) return existsSync(name);
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.some((folder) => extensions.some((extension) => existsSync(join(folder, name + extension))));
}

function firstLine(command, args) {
  const { stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return (stdout ?? '').split('\n')[0].trim();
}

function openmpOnMac() {
  return ['/opt/homebrew/opt/libomp', '/usr/local/opt/libomp', '/opt/local/lib/libomp'].some((path) =>
    existsSync(path),
  );
}

function visualStudioThere() {
  if (isCommand('cl') || isCommand('g++') || isCommand('clang-cl')) return true;
  const installer = join(
    process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)',
    'Microsoft Visual Studio',
    'Installer',
  );
  const tools = 'Microsoft.VisualStudio.Component.VC.Tools.x86.x64';
  const args = ['-products', '*', '-requires', tools, '-property', 'installationPath'];
  const { stdout } = spawnSync(join(installer, 'vswhere.exe'), args, { encoding: 'utf8' });
  return Boolean(stdout?.trim());
}
