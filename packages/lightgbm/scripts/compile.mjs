// cmake, run in a folder of its own outside the sources.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BuildError } from './build-error.mjs';

/** Compiles a cmake target (the shared library: `_lightgbm`) into `workFolder` and returns the folder it is in. */
export async function compile({ sources, workFolder, generator, target, progress, onChild }) {
  const build = join(workFolder, 'build');
  const output = join(workFolder, 'out');
  await run(configureArguments({ sources, build, output, generator, target }), { onChild });
  const jobs = String(availableParallelism());
  const compileArguments = ['--build', build, '--target', target, '--config', 'Release', '--parallel', jobs];
  await run(compileArguments, { progress, onChild });
  return output;
}

function configureArguments({ sources, build, output, generator, target }) {
  return [
    ...['-S', sources, '-B', build],
    ...(generator ? ['-G', generator] : []),
    '-DCMAKE_BUILD_TYPE=Release',
    // LightGBM sets LIBRARY_OUTPUT_PATH to its source folder; these variables come before it.
    ...['LIBRARY', 'RUNTIME', 'ARCHIVE'].flatMap((kind) => [
      `-DCMAKE_${kind}_OUTPUT_DIRECTORY=${output}`,
      `-DCMAKE_${kind}_OUTPUT_DIRECTORY_RELEASE=${output}`,
    ]),
    `-DBUILD_CLI=${target === 'lightgbm' ? 'ON' : 'OFF'}`,
    '-DINSTALL_HEADERS=OFF',
    // CMake 4 refuses the 3.0 that LightGBM asks for.
    '-DCMAKE_POLICY_VERSION_MINIMUM=3.5',
    ...(process.platform === 'darwin' ? ['-DAPPLE_OUTPUT_DYLIB=ON'] : []),
    '--no-warn-unused-cli',
  ];
}

function run(args, { progress, onChild }) {
  return new Promise((resolve, reject) => {
    const child = spawn('cmake', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    onChild(child);
    const lastLines = [];
    const read = (text) => {
      for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
        lastLines.push(line);
        if (lastLines.length > 40) lastLines.shift();
        const done = fractionDone(line);
        if (done !== undefined) progress?.(done);
      }
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('error', (error) => reject(new BuildError(`cmake could not be started: ${error.message}`)));
    child.on('close', (code) => {
      onChild(undefined);
      if (code === 0) resolve();
      else
        reject(new BuildError(`cmake ${args.join(' ')}\nended with code ${code}:\n${lastLines.join('\n')}`));
    });
  });
}

/** How far make (`[ 42%]`) or ninja (`[17/40]`) says it is, 0..1. */
export function fractionDone(line) {
  const percent = /^\[\s*(\d+)%\]/.exec(line);
  if (percent) return Number(percent[1]) / 100;
  const steps = /^\[(\d+)\/(\d+)\]/.exec(line);
  return steps ? Number(steps[1]) / Number(steps[2]) : undefined;
}
