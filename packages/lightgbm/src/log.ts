/** A line of LightGBM's own log. */
export interface LightGBMLogEntry {
  readonly level: 'warning' | 'info' | 'debug';
  readonly message: string;
}

/** Gets LightGBM's log lines. */
export type LightGBMLogHandler = (entry: LightGBMLogEntry) => void;

let handler: LightGBMLogHandler | undefined;
let level: LightGBMLogEntry['level'] = 'info';
let message = '';

/**
 * Sets who gets LightGBM's log lines on this thread; nobody does at first. LightGBM itself would write them to
 * stdout, where results belong, so they never go there. How much it says is its parameter `verbosity`
 * (0, the default here: warnings; 1: information; 2: everything; -1: nothing).
 *
 * @example
 * setLogHandler(({ level, message }) => process.stderr.write(`${level}: ${message}\n`));
 */
export function setLogHandler(newHandler: LightGBMLogHandler | undefined): void {
  handler = newHandler;
}

/** Puts a line together from the pieces that LightGBM hands over: `[LightGBM] [Warning] `, the text, a line break. */
export function receiveLog(piece: string): void {
  const start = /^\[LightGBM\] \[(\w+)\] $/.exec(piece);
  if (start) {
    level = levelOf(start[1]);
    message = '';
  } else if (piece === '\n') {
    handler?.({ level, message });
  } else {
    message += piece;
  }
}

function levelOf(name: string | undefined): LightGBMLogEntry['level'] {
  if (name === 'Warning') return 'warning';
  return name === 'Debug' ? 'debug' : 'info';
}
