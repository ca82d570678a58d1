// The migrations live at the top of the repository; the published package carries its own copy.
import { cpSync, rmSync } from 'node:fs';

const from = new URL('../../../schema/', import.meta.url);
const to = new URL('../schema/', import.meta.url);
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
