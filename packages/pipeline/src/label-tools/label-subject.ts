import {
  type AddressLabelRows,
  type PartlyFilledFile,
  readChosenRows,
  rowsOfLabelSet,
} from '@risk-scoring/labels';
import { type Database, listLabelSets, readLabelSet } from '@risk-scoring/storage';
import type { Table } from 'apache-arrow';
import type { AddressLabelReading } from './address-settings.ts';
import type { NamedLabelSet } from './label-set-name.ts';
import type { LabelFileRequest } from './read-labels-file.ts';

/** Labels to look at: a file, an imported data set, or all that the strategy `address` reads. */
export type LabelSubject =
  | ({ readonly kind: 'file' } & LabelFileRequest)
  | ({ readonly kind: 'data-set' } & NamedLabelSet)
  | { readonly kind: 'database' };

/** What labels are looked at. */
export interface SubjectFacts {
  readonly kind: LabelSubject['kind'];
  readonly name: string;
  /** Of a file. */
  readonly file?: {
    readonly sha256: string;
    readonly bytes: number;
    readonly columns: readonly string[];
    /** Which column the labels are of; `default` for what was said beside the file. */
    readonly labels_from: string;
    readonly warnings: readonly string[];
    /** Rows without a label that were left out. */
    readonly skipped: number;
  };
  /** Of the database: rows by data set, `name@version`. */
  readonly data_sets?: Readonly<Record<string, number>>;
}

/** Labels to look at, and those that there are besides. */
export interface ReadSubject {
  readonly facts: SubjectFacts;
  readonly rows: AddressLabelRows;
  /** raw_address_labels and the latest version of every other data set; undefined where the subject is just these. */
  readonly existing?: AddressLabelRows;
}

/**
 * Reads the labels to look at.
 *
 * @param table label rows of the period, as extraction gives them
 * @throws {LabelSetNotFoundError} for a data set that is not there
 * @throws {InvalidAddressLabelsError} for labels in the database that cannot be read as such
 */
export async function readSubject(
  database: Database,
  subject: LabelSubject,
  {
    table,
    reading,
    file: read,
  }: {
    readonly table: Table;
    readonly reading: AddressLabelReading;
    /** The file, where it is one, as it was read. */
    readonly file: PartlyFilledFile | undefined;
  },
): Promise<ReadSubject> {
  switch (subject.kind) {
    case 'file': {
      if (read === undefined) throw new RangeError(`${subject.file} was not read`);
      const { rows, sha256, bytes, columns, statedBy, warnings, skipped } = read;
      const file = { sha256, bytes, columns, labels_from: statedBy, warnings, skipped };
      return {
        facts: { kind: 'file', name: subject.file, file },
        rows,
        existing: readChosenRows(table, { ...reading, dataSets: 'latest' }).rows,
      };
    }
    case 'data-set': {
      const { dataSet } = subject;
      const set = await readLabelSet(database, subject);
      const sets = await listLabelSets(database);
      const others = sets.filter((each) => each.isLatest && each.dataSet !== dataSet);
      const version =
        subject.version ?? sets.find((each) => each.isLatest && each.dataSet === dataSet)?.version ?? '';
      return {
        facts: { kind: 'data-set', name: `${dataSet}@${version}` },
        rows: rowsOfLabelSet(set, reading),
        existing: readChosenRows(table, {
          ...reading,
          dataSets: others.map((each) => `${each.dataSet}@${each.version}`),
        }).rows,
      };
    }
    case 'database': {
      const { rows, dataSets } = readChosenRows(table, reading);
      return { facts: { kind: 'database', name: 'the labels of the database', data_sets: dataSets }, rows };
    }
  }
}
