import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** A browser to look with: what RISK_SCORING_CHROMIUM names, else Chromium or Chrome of the PATH; null where there is none. */
export function findChromium(): string | null {
  const named = process.env.RISK_SCORING_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const found = folders.map((folder) => path.join(folder, name)).find(isProgram);
    if (found !== undefined) return found;
  }
  return null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
