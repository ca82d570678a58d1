import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RAW_TABLES } from '../dist/index.js';

const date = '2025-01-01';
const windowDays = 30;
/** How many rows a table has for one of raw_features. */
const shares = {
  raw_alerts: 1,
  raw_features: 1,
  raw_clusters: 0.05,
  raw_money_flows: 2,
  raw_address_labels: 0.3,
};

/** A snapshot with made-up values of every column's type, as the engine writes them. */
export async function writeBigSnapshot(database, folder, rows) {
  const meta = { network: database.network, processing_date: date, window_days: windowDays, files: {} };
  const files = [];
  for (const { name, key } of RAW_TABLES) {
    const file = path.join(folder, `${name}.parquet`);
    const columns = await database.query({
      sql: `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {name:String} AND default_kind != 'MATERIALIZED' AND NOT (table = 'raw_alerts' AND name = 'label') AND name NOT IN ('batch_id', 'label_source', 'label_confidence', 'labeled_at', 'labeled_by') ORDER BY position`,
      params: { name },
      doing: 'reading the columns',
    });
    const count = Math.max(1, Math.round(rows * shares[name]));
    await database.command({
      sql: `INSERT INTO FUNCTION file({file:String}, 'Parquet') SELECT ${columns.map((column, index) => `${madeUp(column, key, index)} AS \`${column.name}\``).join(', ')} FROM numbers({count:UInt64})`,
      params: { file, count },
      doing: 'writing a file',
    });
    meta.files[`${name}.parquet`] = {
      md5: createHash('md5').update(readFileSync(file)).digest('hex'),
      rows: count,
      bytes: statSync(file).size,
    };
    files.push({
      table: name,
      path: file,
      rows: count,
      columns: columns.map((column) => `\`${column.name}\``).join(', '),
    });
  }
  writeFileSync(path.join(folder, 'META.json'), JSON.stringify(meta));
  return files;
}

function madeUp({ name, type }, key, index) {
  const random = `intHash64(number * 131 + ${index})`;
  if (name === 'processing_date') return `toDate('${date}')`;
  if (name === 'network') return `'bench'`;
  if (name === 'window_days') return `toUInt16(${windowDays})`;
  if (key.includes(name) || name === 'address')
    return `concat('0x', leftPad(lower(hex(number * 7919 + ${key.indexOf(name) > 0 ? 13 : 0})), 40, '0'))`;
  if (type === 'String') return `concat('value ', toString(${random} % 1000))`;
  if (type.startsWith('Array(')) return `CAST(range(${random} % 24), '${type}')`;
  if (type.startsWith('Float')) return `CAST(${random} % 1000000 / 1000000, '${type}')`;
  if (type.startsWith('Decimal')) return `CAST(${random} % 1000000000 / 100, '${type}')`;
  if (type === 'Bool') return `CAST(${random} % 2, 'Bool')`;
  if (type === 'DateTime') return `toDateTime('${date} 00:00:00', 'UTC')`;
  if (type === 'Date') return `toDate('${date}')`;
  return `CAST(${random} % 200, '${type}')`;
}
