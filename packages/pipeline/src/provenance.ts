import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = [
  'contract',
  'extraction',
  'labels',
  'features',
  'trainers',
  'onnx',
  'evaluation',
  'model-storage',
];

/** Versions of what took part in a training: our packages, Node and the trainer's libraries. */
export function packageVersions(libraries: Readonly<Record<string, string>>): Record<string, string> {
  const require = createRequire(import.meta.url);
  const ours = [...packages, 'pipeline'].map((name): [string, string] => {
    const manifest = require(
      name === 'pipeline' ? '../package.json' : `@risk-scoring/${name}/package.json`,
    ) as {
      version: string;
    };
    return [`@risk-scoring/${name}`, manifest.version];
  });
  return { node: process.versions.node, ...libraries, ...Object.fromEntries(ours) };
}

/**
 * The commit of the checkout that this code runs from, with `-dirty` where it has changes; undefined where it was
 * installed as a package, as the repository around it is then another one.
 */
export function gitCommit(folder: string = path.dirname(fileURLToPath(import.meta.url))): string | undefined {
  if (folder.split(path.sep).includes('node_modules')) return undefined;
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    }).trim();
  try {
    const commit = git('rev-parse', 'HEAD');
    return git('status', '--porcelain') === '' ? commit : `${commit}-dirty`;
  } catch {
    return undefined;
  }
}
