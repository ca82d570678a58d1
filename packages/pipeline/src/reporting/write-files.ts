import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ReportNotWrittenError } from './errors.ts';

/**
 * Writes some text files: each is whole or as it was before. All are written aside before the first one takes its place.
 *
 * @throws {ReportNotWrittenError} where that fails; nothing is left aside
 */
export async function writeFiles(
  files: readonly { readonly file: string; readonly text: string }[],
): Promise<void> {
  const mark = randomBytes(6).toString('hex');
  const aside = (file: string) =>
    path.join(path.dirname(file), `.${mark}.writing-${path.basename(file)}`.slice(0, 255));
  let doing = files[0]?.file ?? '';
  try {
    for (const { file, text } of files) {
      doing = file;
      await mkdir(path.dirname(file), { recursive: true });
      await writeSynced(aside(file), text);
    }
    for (const { file } of files) {
      doing = file;
      await rename(aside(file), file);
    }
  } catch (cause) {
    for (const { file } of files) await rm(aside(file), { force: true }).catch(() => undefined);
    throw new ReportNotWrittenError({ file: doing, cause: cause as Error });
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
