import type { FeatureMatrix } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { type BuildOptions, buildFeatureMatrix } from '../build-matrix.ts';
import { ALL_GROUPS, type FeaturePlan } from '../catalogue.ts';
import { publishedSnapshots } from './simulated-database.ts';
import type { SmallTable, SmallWorld } from './small-worlds.ts';

/** Every group of the package. */
export const EVERY_GROUP: FeaturePlan = {
  groups: ALL_GROUPS.map(({ name }) => name),
  encodings: { typology: ['fan_in', 'fan_out'], suspected_address_type: ['unknown', 'wallet'] },
};

/** How a world is inserted. */
export interface InsertOptions {
  /** Inserts per table; each makes a part of its own. 1 when absent. */
  readonly parts?: number;
}

/**
 * Keeps many small worlds in one database, each in a window of its own. They share dates, ids and addresses, so a
 * feature that looked beyond its window would not go unnoticed.
 */
export class SmallWorldDatabase {
  readonly #database: Database;
  #nextWindow: number;

  constructor(database: Database, firstWindow = 100) {
    this.#database = database;
    this.#nextWindow = firstWindow;
  }

  /** Inserts a world. @returns its window */
  async insert(world: SmallWorld, { parts = 1 }: InsertOptions = {}): Promise<number> {
    const window_days = this.#nextWindow++;
    for (const [table, rows] of Object.entries(world)) {
      const perInsert = Math.max(1, Math.ceil(rows.length / parts));
      for (let from = 0; from < rows.length; from += perInsert) {
        const part = rows.slice(from, from + perInsert).map((row) => ({ ...row, window_days }));
        await this.#database.insert(table, part, `inserting into ${table}`);
      }
    }
    return window_days;
  }

  /** Adds rows to a table of a world. */
  async add(windowDays: number, table: SmallTable, rows: readonly object[]): Promise<void> {
    const ofWindow = rows.map((row) => ({ ...row, window_days: windowDays }));
    await this.#database.insert(table, ofWindow, `inserting into ${table}`);
  }

  /** The matrix of a world's window: all groups and all snapshots, unless said otherwise. */
  async build(windowDays: number, options: Partial<BuildOptions> = {}): Promise<FeatureMatrix> {
    return buildFeatureMatrix(this.#database, {
      snapshots: options.snapshots ?? (await publishedSnapshots(this.#database, windowDays)),
      plan: EVERY_GROUP,
      ...options,
    });
  }

  /** The matrix of a world that is inserted for it. */
  async matrixOf(
    world: SmallWorld,
    options: Partial<BuildOptions> & InsertOptions = {},
  ): Promise<FeatureMatrix> {
    const { parts, ...build } = options;
    return this.build(await this.insert(world, parts === undefined ? {} : { parts }), build);
  }
}
