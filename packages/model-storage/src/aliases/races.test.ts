import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Database, initDatabase, openDatabase } from '@risk-scoring/storage';
import { type ClickHouseFront, startClickHouseFront } from '@risk-scoring/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveModel } from '../save.ts';
import { sampleArtifacts, sampleMetadata } from '../testing/fixture.ts';
import { aliasHistory, listAliases, moveAlias, rollbackAlias } from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const modelType = 'alert_scorer';
const alias = 'champion';
let front: ClickHouseFront;
let database: Database;
let models: string[];

beforeAll(async () => {
  front = await startClickHouseFront({ dataDir: path.join(folder, 'server') });
  ({ database } = await initDatabase({ network: 'simnet', server: { url: front.url } }));
  models = [];
  for (let n = 0; n < 5; n += 1) {
    const { metadata } = await saveModel({
      database,
      outputDir: path.join(folder, 'models'),
      metadata: sampleMetadata(),
      artifacts: sampleArtifacts,
      holdoutGroups: [],
    });
    models.push(metadata.model_id);
  }
});
afterAll(async () => {
  await database.close();
  await front.close();
  rmSync(folder, { recursive: true, force: true });
});

const model = (n: number): string => models[n % models.length] ?? 'none';

/** A process that moves the alias to each model it is told, and answers `moved` or the code of the error. */
function startMover(): { child: ChildProcess; move: (modelId: string) => Promise<string> } {
  const script = `
    import { createInterface } from 'node:readline';
    import { openDatabase } from ${JSON.stringify(import.meta.resolve('@risk-scoring/storage'))};
    import { moveAlias } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    const database = await openDatabase({ network: 'simnet', server: { url: ${JSON.stringify(front.url)} } });
    console.log('ready');
    for await (const modelId of createInterface({ input: process.stdin })) {
      const answer = await moveAlias(database, { modelType: '${modelType}', alias: '${alias}', modelId }).then(
        () => 'moved', (error) => error.code ?? String(error));
      console.log(answer);
    }
    await database.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = lines.next();
  return {
    child,
    move: async (modelId) => {
      await ready;
      child.stdin.write(`${modelId}\n`);
      return String((await lines.next()).value);
    },
  };
}

/** Every row that was ever written, whether it counts or not. */
async function rowsWritten(): Promise<number> {
  const [row] = await database.query<{ n: number }>({
    sql: 'SELECT toFloat64(count()) AS n FROM model_aliases WHERE alias = {alias:String}',
    params: { alias },
    doing: 'counting moves',
  });
  return row?.n ?? 0;
}

async function assertOneLine(): Promise<void> {
  const history = await aliasHistory(database, { modelType, alias });
  expect(history.map((move) => move.sequence)).toEqual(history.map((_, n) => history.length - n));
  expect(await rowsWritten()).toBe(history.length);
  for (const [n, move] of history.entries()) expect(move.from).toBe(history[n + 1]?.to ?? null);
}

describe('moves made at once', () => {
  it('two processes: of two that collide one wins, the other is told, and readers see one of the two models', {
    timeout: 120_000,
  }, async () => {
    const movers = [startMover(), startMover()];
    const rounds = 25;
    let collisions = 0;
    let reads = 0;
    for (let round = 0; round < rounds; round += 1) {
      const before = (await listAliases(database, { modelType, alias }))[0]?.model_id;
      const wanted = [model(round * 2), model(round * 2 + 1)].map((id) =>
        id === before ? model(round * 2 + 2) : id,
      );
      let racing = true;
      const reading = (async () => {
        while (racing) {
          const states = await listAliases(database, { modelType, alias });
          expect(states.length).toBeLessThanOrEqual(1);
          expect([before, ...wanted]).toContain(states[0]?.model_id);
          reads += 1;
        }
      })();
      const answers = await Promise.all(movers.map((mover, n) => mover.move(wanted[n] ?? '')));
      racing = false;
      await reading;
      const after = (await listAliases(database, { modelType, alias }))[0]?.model_id;
      const losers = answers.filter((answer) => answer === 'ALIAS_MOVED_MEANWHILE').length;
      // Where one was done before the other looked, both moved, one after the other.
      expect(answers.filter((answer) => answer === 'moved').length + losers).toBe(2);
      expect(losers).toBeLessThan(2);
      if (losers === 1) expect(after).toBe(wanted[answers.indexOf('moved')]);
      else expect(wanted).toContain(after);
      collisions += losers;
    }
    for (const { child } of movers) child.stdin?.end();
    expect(collisions).toBeGreaterThan(rounds / 8);
    expect(reads).toBeGreaterThan(rounds);
    await assertOneLine();
  });

  it('two clients that expect the same champion: exactly one wins, every round', {
    timeout: 120_000,
  }, async () => {
    const clients = await Promise.all(
      [1, 2].map(() => openDatabase({ network: 'simnet', server: { url: front.url } })),
    );
    for (let round = 0; round < 25; round += 1) {
      const expected = (await listAliases(database, { modelType, alias }))[0]?.model_id ?? null;
      const [a = '', b = ''] = models.filter((id) => id !== expected).slice(round % 3);
      const outcomes = await Promise.allSettled(
        clients.map((client, n) =>
          moveAlias(client, { modelType, alias, modelId: n === 0 ? a : b, expected, reason: `client ${n}` }),
        ),
      );
      const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled');
      const loser = outcomes[1 - winner];
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      expect(loser).toMatchObject({
        reason: {
          code: 'ALIAS_MOVED_MEANWHILE',
          found: expect.stringMatching(new RegExp(`^${winner === 0 ? a : b}, since .*'client ${winner}'$`)),
        },
      });
      expect((await listAliases(database, { modelType, alias }))[0]?.model_id).toBe(winner === 0 ? a : b);
    }
    for (const client of clients) await client.close();
    await assertOneLine();
  });

  it('of eight rollbacks at once each is made or told of another, none half', async () => {
    const before = await aliasHistory(database, { modelType, alias });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => rollbackAlias(database, { modelType, alias })),
    );
    const made = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
    const refused = outcomes.filter(
      (outcome) => outcome.status === 'rejected' && outcome.reason.code === 'ALIAS_MOVED_MEANWHILE',
    ).length;
    expect(made).toBeGreaterThanOrEqual(1);
    expect(made + refused).toBe(8);
    expect(await aliasHistory(database, { modelType, alias })).toHaveLength(before.length + made);
    await assertOneLine();
  });

  it('a move whose answer was lost is made once', async () => {
    const expected = (await listAliases(database, { modelType, alias }))[0]?.model_id ?? null;
    const other = models.find((id) => id !== expected) ?? '';
    const before = await rowsWritten();
    Object.assign(front.faults, { dropAfter: 1, match: /INSERT INTO model_aliases/, only: 1 });
    const client = await openDatabase({
      network: 'simnet',
      server: { url: front.url },
      onRetry: () => undefined,
    });
    try {
      expect(await moveAlias(client, { modelType, alias, modelId: other, expected })).toMatchObject({
        to: other,
      });
    } finally {
      Object.assign(front.faults, { dropAfter: 0 });
      await client.close();
    }
    expect(front.requests.some((request) => request.outcome === 'dropped after')).toBe(true);
    expect(await rowsWritten()).toBe(before + 1);
  });
});
