import { CancelledError, InvalidInputError } from '@risk-scoring/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ingestFile } from '../ingestion/ingest-file.ts';
import { databaseStatus } from '../status.ts';
import { engines } from '../testing/engines.ts';
import { type IngestSite, startIngestSite } from '../testing/ingest-site.ts';
import { labelRows, textColumn } from '../testing/label-rows.ts';
import { vacuum } from '../vacuum.ts';
import { importLabelSet, type LabelSetRows, listLabelSets, readLabelSet, removeLabelSet } from './index.ts';

const sha256 = 'a'.repeat(64);
const otherSha256 = 'b'.repeat(64);

describe.each(engines)('$name: label sets', (engine) => {
  let site: IngestSite;
  beforeAll(async () => {
    site = await startIngestSite(engine);
  });
  afterEach(async () => {
    for (const table of ['miner_labels', 'ingestions']) {
      await site.database.command({
        sql: 'TRUNCATE TABLE {table:Identifier}',
        params: { table },
        doing: 'emptying',
      });
    }
  });
  afterAll(() => site.stop());

  const add = (
    name: string,
    rows: LabelSetRows | number,
    { checksum = sha256, ...options }: { checksum?: string; force?: boolean; signal?: AbortSignal } = {},
  ) => {
    const [dataSet = '', version = ''] = name.split('@');
    const set = { dataSet, version, source: `${name}.csv`, sha256: checksum };
    return importLabelSet(
      site.database,
      { ...set, rows: typeof rows === 'number' ? labelRows(rows, `0x${version}`) : rows },
      options,
    );
  };
  const names = async () =>
    (await listLabelSets(site.database)).map(
      ({ dataSet, version, isLatest }) => `${dataSet}@${version}${isLatest ? '!' : ''}`,
    );

  describe('importLabelSet', () => {
    it('stores every value as it is given', async () => {
      const long = 'x'.repeat(20_000);
      const rows: LabelSetRows = {
        rows: 3,
        addresses: textColumn(['0xa', 'é漢𝄞\t"\\N', '0xa']),
        riskLevels: textColumn(['low', 'critical', 'low']),
        confidences: Float32Array.of(0, 0.7, 1),
        sources: textColumn(['', long, 'me']),
        validFrom: Int32Array.of(0, 19_723, 65_535),
        labels: textColumn(['', 'an exchange', "it's"]),
        extras: {
          address_type: textColumn(['cex', 'eoa', 'cex']),
          trust_level: textColumn(['', 'high', '']),
        },
      };
      expect(await add('mine@1.0-a_B', rows)).toEqual({
        dataSet: 'mine',
        version: '1.0-a_B',
        outcome: 'imported',
        rows: 3,
      });
      const select = `SELECT network, address, risk_level, confidence_score, length(source), valid_from, label, network_type, address_type, address_subtype, trust_level, data_set, data_set_version, batch_id != '' FROM published_miner_labels`;
      expect(await site.rows(select)).toEqual(
        [
          `('simnet','0xa','low',0,0,'1970-01-01','','','cex','','','mine','1.0-a_B',1)`,
          `('simnet','0xa','low',1,2,'2149-06-06','it\\'s','','cex','','','mine','1.0-a_B',1)`,
          `('simnet','é漢𝄞\\t"\\\\N','critical',0.7,20000,'2024-01-01','an exchange','','eoa','','high','mine','1.0-a_B',1)`,
        ].sort(),
      );
    });

    it('stores as many rows as several inserts take, each once', async () => {
      const count = 260_000;
      const seen: number[] = [];
      await importLabelSet(
        site.database,
        { dataSet: 'big', version: '1', source: 'x', sha256, rows: labelRows(count) },
        { onProgress: ({ rows, totalRows }) => void seen.push(rows / totalRows) },
      );
      expect(seen).toHaveLength(2);
      expect(seen.at(-1)).toBe(1);
      const [set] = await listLabelSets(site.database);
      expect(set).toMatchObject({ rows: count, addresses: count });
    });

    it('takes the same content once, and other content only when forced', async () => {
      await add('mine@1', 3);
      expect(await add('mine@1', 3)).toMatchObject({ outcome: 'unchanged', rows: 3 });
      await site.refused(
        () => add('mine@1', 5, { checksum: otherSha256 }),
        'LABEL_SET_EXISTS',
        'mine@1',
        /3 rows, imported from mine@1\.csv.*force/,
      );
      expect(await add('mine@1', 5, { checksum: otherSha256, force: true })).toMatchObject({
        outcome: 'replaced',
      });
      expect(await site.count('published_miner_labels')).toBe(5);
      expect(await add('mine@1', 5, { checksum: otherSha256 })).toMatchObject({ outcome: 'unchanged' });
      expect(await add('mine@1', 5, { checksum: otherSha256, force: true })).toMatchObject({
        outcome: 'replaced',
      });
      expect(await site.count('published_miner_labels')).toBe(5);
    });

    it('imports the same content anew where rows of it are gone', async () => {
      await add('mine@1', 3);
      await site.database.command({
        sql: `DELETE FROM miner_labels WHERE address = '0x11'`,
        doing: 'deleting',
      });
      expect(await add('mine@1', 3)).toMatchObject({ outcome: 'replaced' });
      expect(await site.count('published_miner_labels')).toBe(3);
    });

    it('knows what was ingested from a file, and what was inserted by hand', async () => {
      const select = `SELECT 'simnet' AS network, '0x1' AS address, 'x' AS label, 'mine' AS data_set, '1' AS data_set_version, '2025-01-01' AS valid_from`;
      await ingestFile(site.database, {
        from: await site.write('a.csv', select),
        table: 'miner_labels',
        anyColumnOrder: true,
      });
      await site.refused(() => add('mine@1', 1), 'LABEL_SET_EXISTS', /1 rows, imported from .*a\.csv/);
      await add('mine@1', 2, { force: true });
      expect(await site.count('published_miner_labels')).toBe(2);
      const hand = { network: 'simnet', address: '0x9', data_set: 'hand', data_set_version: '1' };
      await site.database.insert('miner_labels', [hand], 'inserting by hand');
      await site.refused(() => add('hand@1', 1, { force: true }), 'LABEL_SET_EXISTS', /by hand.*remove/);
      await removeLabelSet(site.database, { dataSet: 'hand' });
      expect(await add('hand@1', 1)).toMatchObject({ outcome: 'imported' });
    });

    it.each(['', 'a@b', 'a b', 'ä', 'a/b', 'x'.repeat(101), "a'b"])('refuses the name %j', async (name) => {
      const set = { source: 'x', sha256, rows: labelRows(1) };
      for (const names of [
        { dataSet: name, version: '1' },
        { dataSet: 'mine', version: name },
      ]) {
        const error = await site.refused(
          () => importLabelSet(site.database, { ...set, ...names }),
          'INVALID_INPUT',
        );
        expect(error).toBeInstanceOf(InvalidInputError);
      }
    });

    it('refuses a checksum that is none', async () => {
      const set = { dataSet: 'mine', version: '1', source: 'x', rows: labelRows(1) };
      for (const checksum of ['', 'A'.repeat(64), 'a'.repeat(63)]) {
        await expect(importLabelSet(site.database, { ...set, sha256: checksum })).rejects.toThrow(
          InvalidInputError,
        );
      }
    });

    const sound = labelRows(3);
    it.each<[string, Partial<LabelSetRows>, RegExp]>([
      ['no rows', labelRows(0), /one row or more/],
      ['too few values', { validFrom: new Int32Array(2) }, /3 values of valid_from.*2 values/],
      ['too few codes', { sources: textColumn(['a', 'b']) }, /3 values of source.*2 values/],
      [
        'a code without a value',
        { sources: { codes: Int32Array.of(0, 1, 0), values: ['a'] } },
        /source.*1 in row 2/,
      ],
      ['an unknown risk level', { riskLevels: textColumn(['low', 'High', 'low']) }, /'High' in row 2/],
      ['an empty address', { addresses: textColumn(['0x1', '0x2', ' ']) }, /address.*row 3/],
      ['a NUL character', { sources: textColumn(['a', 'a', 'a\0']) }, /NUL.*source in row 3/],
      [
        'a text that is too long',
        { labels: textColumn(['', 'é'.repeat(2 ** 19 + 1), '']) },
        /label in row 2/,
      ],
      ['a confidence above 1', { confidences: Float32Array.of(0, 1.5, 1) }, /1\.5 in row 2/],
      ['a confidence that is no number', { confidences: Float32Array.of(0, 1, Number.NaN) }, /NaN in row 3/],
      ['a day before 1970', { validFrom: Int32Array.of(-1, 0, 0) }, /-1 in row 1/],
      ['a day after 2149', { validFrom: Int32Array.of(0, 0, 65_536) }, /65536 in row 3/],
    ])('refuses %s', async (_, change, words) => {
      await site.refused(() => add('mine@1', { ...sound, ...change }), 'LABEL_SET_INVALID', words);
    });

    it('leaves nothing when it is cancelled', async () => {
      await site.refused(() => add('mine@1', 3, { signal: AbortSignal.abort() }), 'CANCELLED');
      const controller = new AbortController();
      const set = { dataSet: 'mine', version: '1', source: 'x', sha256, rows: labelRows(3) };
      const error = await site.refused(
        () =>
          importLabelSet(site.database, set, {
            signal: controller.signal,
            onProgress: () => controller.abort(),
          }),
        'CANCELLED',
      );
      expect(error).toBeInstanceOf(CancelledError);
      expect(await add('mine@1', 3)).toMatchObject({ outcome: 'imported' });
    });
  });

  describe('listLabelSets', () => {
    it('tells rows, addresses and origin, and which version was imported last', async () => {
      const rows = { ...labelRows(3), addresses: textColumn(['0xAb', '0xaB', 'AB']) };
      await add('mine@2', rows);
      await add('mine@1', 2);
      await add('other@1', 1);
      const sets = await listLabelSets(site.database);
      expect(sets.map(({ dataSet, version, isLatest }) => [dataSet, version, isLatest])).toEqual([
        ['mine', '1', true],
        ['mine', '2', false],
        ['other', '1', true],
      ]);
      expect(sets[1]).toMatchObject({ rows: 3, addresses: 2, source: 'mine@2.csv' });
      for (const { importedAt } of sets) {
        expect(Math.abs(Date.parse(importedAt) - Date.now())).toBeLessThan(600_000);
      }
      await add('mine@2', rows, { force: true });
      const again = await listLabelSets(site.database);
      expect(again.map(({ isLatest }) => isLatest)).toEqual([true, false, true]);
      expect(again[0]).toMatchObject({ version: '2', hash: sets[1]?.hash });
      await add('mine@2', { ...rows, confidences: Float32Array.of(0.5, 0.5, 0.6) }, { force: true });
      expect((await listLabelSets(site.database))[0]?.hash).not.toBe(sets[1]?.hash);
    });

    it('is empty at first', async () => {
      expect(await listLabelSets(site.database)).toEqual([]);
    });

    it('takes the highest number for the latest of what was published at once or by hand', async () => {
      const rows = ['a/9', 'a/10', 'b/1.9', 'b/1.10'].map((name) => {
        const [data_set, data_set_version] = name.split('/');
        return { network: 'simnet', address: '0x1', data_set, data_set_version };
      });
      await site.database.insert('miner_labels', rows, 'inserting by hand');
      expect(await names()).toEqual(['a@9', 'a@10!', 'b@1.9', 'b@1.10!']);
      await add('a@3', 1);
      expect((await names())[0]).toBe('a@3!');
      const select = `SELECT 'simnet' AS network, '0x1' AS address, 'x' AS label, 'c' AS data_set, toString(number) AS data_set_version, '2025-01-01' AS valid_from FROM numbers(9, 2)`;
      const from = await site.write('a.csv', select);
      await ingestFile(site.database, { from, table: 'miner_labels', anyColumnOrder: true });
      expect((await names()).filter((name) => name.startsWith('c'))).toEqual(['c@9', 'c@10!']);
    });
  });

  describe('removeLabelSet', () => {
    it('takes one version, or all of them, from the readers', async () => {
      for (const name of ['mine@1', 'mine@2', 'mine@3', 'other@1']) await add(name, 2);
      expect(await removeLabelSet(site.database, { dataSet: 'mine', version: '3' })).toEqual([
        { dataSet: 'mine', version: '3' },
      ]);
      expect(await names()).toEqual(['mine@2!', 'mine@1', 'other@1!']);
      expect(await removeLabelSet(site.database, { dataSet: 'mine' })).toEqual([
        { dataSet: 'mine', version: '1' },
        { dataSet: 'mine', version: '2' },
      ]);
      expect(await names()).toEqual(['other@1!']);
      const { ingestions } = await databaseStatus(site.database);
      expect(ingestions.filter(({ current }) => current).map(({ scope }) => scope)).toEqual([
        'other, version 1',
      ]);
      await vacuum(site.database, { olderThanHours: 0, unfinishedOlderThanHours: 0 });
      expect(await site.count('miner_labels')).toBe(2);
      expect(await add('mine@1', 2)).toMatchObject({ outcome: 'imported' });
      expect(await names()).toEqual(['mine@1!', 'other@1!']);
    });

    it('also takes what came from a file, which may come again', async () => {
      const select = `SELECT 'simnet' AS network, '0x1' AS address, 'x' AS label, 'x@y' AS data_set, '1' AS data_set_version, '2025-01-01' AS valid_from`;
      const from = await site.write('a.csv', select);
      const ingest = () => ingestFile(site.database, { from, table: 'miner_labels', anyColumnOrder: true });
      await ingest();
      expect(await removeLabelSet(site.database, { dataSet: 'x@y' })).toHaveLength(1);
      expect(await names()).toEqual([]);
      expect(await ingest()).toMatchObject({ outcome: 'ingested' });
      expect(await names()).toEqual(['x@y@1!']);
    });

    it('says what there is where there is no such set', async () => {
      const remove = (dataSet: string, version?: string) => () =>
        removeLabelSet(site.database, { dataSet, ...(version === undefined ? {} : { version }) });
      await site.refused(remove('mine'), 'LABEL_SET_NOT_FOUND', 'no label set at all');
      for (const name of ['mine@1', 'mine@2', 'other@1']) await add(name, 1);
      await site.refused(remove('mien'), 'LABEL_SET_NOT_FOUND', /mien.*Found: .*mine@1/);
      await site.refused(remove('mine', '7'), 'LABEL_SET_NOT_FOUND', /mine@7.*mine@1, mine@2/);
    });
  });

  describe('readLabelSet', () => {
    it('gives the rows of one version, the latest by default', async () => {
      await add('mine@2', 3);
      await add('mine@1', 2);
      const table = await readLabelSet(site.database, { dataSet: 'mine' });
      expect([...(table.getChild('address') ?? [])]).toEqual(['0x10', '0x11']);
      expect(table.schema.names).toEqual(expect.arrayContaining(['label', 'risk_level', 'valid_from']));
      expect(table.schema.names).not.toEqual(expect.arrayContaining(['batch_id']));
      expect((await readLabelSet(site.database, { dataSet: 'mine', version: '2' })).numRows).toBe(3);
      await expect(readLabelSet(site.database, { dataSet: 'none' })).rejects.toMatchObject({
        code: 'LABEL_SET_NOT_FOUND',
      });
    });
  });
});
