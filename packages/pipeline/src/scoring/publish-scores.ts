import { throwIfCancelled } from '@risk-scoring/contract';
import { type Database, publishBatch } from '@risk-scoring/storage';
import type { ScoreBatch } from './score-batch.ts';

/** Which batches of a scoring readers may see. */
export class Publications {
  readonly #published: ScoreBatch[] = [];
  #unanswered: readonly ScoreBatch[] = [];

  /** Batches that readers see. */
  get published(): readonly ScoreBatch[] {
    return this.#published;
  }

  /** Batches whose publication was asked for and not answered: readers may see them. */
  get unanswered(): readonly ScoreBatch[] {
    return this.#unanswered;
  }

  /**
   * Publishes batches together by one insert into `batch_metadata`, which retires earlier scores of the same snapshots and model.
   *
   * @param batches complete
   * @throws {SnapshotsReplacedError} when a snapshot was published anew since its batch was begun; none is published
   * @throws {CancelledError} when the signal has aborted; none is published
   */
  async publish(database: Database, batches: readonly ScoreBatch[], signal?: AbortSignal): Promise<void> {
    const rows: object[] = [];
    for (const batch of batches) rows.push(await batch.record());
    throwIfCancelled(signal, 'publishing the scores');
    this.#unanswered = batches;
    await publishBatch(database, 'batch_metadata', rows);
    this.#unanswered = [];
    this.#published.push(...batches);
  }

  /** Removes the rows of batches that readers cannot see. */
  async discardUnseen(batches: readonly ScoreBatch[]): Promise<void> {
    for (const batch of batches) {
      if (!this.#published.includes(batch) && !this.#unanswered.includes(batch)) await batch.discard();
    }
  }
}
