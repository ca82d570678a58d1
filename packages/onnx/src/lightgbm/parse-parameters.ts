import { quote } from './numbers.ts';
import type { TextLines } from './text-lines.ts';

const parameterLine = /^\[([a-z0-9_]+): (.*)\]$/;
const importanceLine = /^.+=\d+$/;

/** Reads what follows the trees, up to the end of the text, and gives the training parameters. */
export function parseParameters(lines: TextLines): ReadonlyMap<string, string> {
  skipImportances(lines);
  const parameters = new Map<string, string>();
  const end = 'end of parameters';
  for (let line = lines.next(end); line !== end; line = lines.next(end)) {
    if (line === '') continue;
    const [, key, value] = parameterLine.exec(line) ?? [];
    if (key === undefined || value === undefined) throw lines.error('[parameter: value]', quote(line));
    if (parameters.has(key)) throw lines.error(`the parameter '${key}' once`, 'a second one');
    parameters.set(key, value);
  }
  skipTrailer(lines);
  return parameters;
}

function skipImportances(lines: TextLines): void {
  lines.expect('');
  lines.expect('feature_importances:');
  for (let line = lines.next('feature importances'); line !== ''; line = lines.next('feature importances')) {
    if (!importanceLine.test(line)) throw lines.error('feature=importance', quote(line));
  }
  lines.expect('parameters:');
}

/** LightGBM may add a parser section; its Python package adds the categories of pandas columns. */
function skipTrailer(lines: TextLines): void {
  while (!lines.atEnd) {
    const line = lines.next('the end of the text');
    if (line === 'parser:') while (lines.next('end of parser') !== 'end of parser');
    else if (line !== '' && !line.startsWith('pandas_categorical:')) {
      throw lines.error('nothing more', quote(line));
    }
  }
}
