import type { RowTarget } from './csv.ts';
import { FIELDS, fieldOfColumn } from './file-columns.ts';
import { show } from './problems.ts';

/** More different keys than anybody writes. */
const MOST_COLUMNS = 1000;

const EXPECTED = 'a JSON object';
const PLACES = Int32Array.from(FIELDS.keys());

/**
 * Reads NDJSON: an object per line; blank lines say nothing.
 *
 * @param blocks whole lines
 * @returns the keys of all objects, in order of first appearance
 */
export async function readNdjson(
  blocks: AsyncGenerator<string>,
  { builder, problems }: RowTarget,
): Promise<string[]> {
  const columns = new Map<string, number>();
  const cells = new Array<unknown>(FIELDS.length).fill(undefined);
  let row = 0;
  const addLine = (line: string): void => {
    row += 1;
    if (line.trim() === '') return;
    const parsed = parse(line);
    if (!isObject(parsed)) {
      problems.add({ row, expected: EXPECTED, found: parsed === undefined ? 'no JSON' : show(parsed) });
      return;
    }
    cells.fill(undefined);
    for (const name in parsed) {
      let field = columns.get(name);
      if (field === undefined) {
        field = fieldOfColumn(name);
        if (columns.size < MOST_COLUMNS) columns.set(name, field);
      }
      if (field >= 0) cells[field] = parsed[name];
    }
    builder.add(row, cells, PLACES);
  };
  for await (const block of blocks) {
    for (let from = 0; from < block.length; ) {
      const newline = block.indexOf('\n', from);
      const end = newline < 0 ? block.length : newline;
      addLine(block.slice(from, end));
      from = end + 1;
    }
  }
  return [...columns.keys()];
}

/** `undefined` for what is no JSON. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
