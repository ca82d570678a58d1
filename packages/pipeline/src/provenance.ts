import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

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

/** The commit of the working folder, with `-dirty` where it has changes; undefined outside a git checkout. */
export function gitCommit(folder: string = process.cwd()): string | undefined {
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
