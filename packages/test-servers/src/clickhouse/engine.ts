import { drainPending, Session } from 'chdb';
import { ClickHouseException, readException } from './exception.ts';
import { createGate } from './gate.ts';
import { sqlName, sqlString } from './sql-tokens.ts';

/** A statement with everything that it depends on. */
export interface EngineStatement {
  readonly sql: string;
  readonly database: string | undefined;
  /** As they came: text. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of the `{name:Type}` places, in the escaped text form in which a client sends them. */
  readonly params: Readonly<Record<string, string>>;
  /** Of a result whose statement names no format. */
  readonly defaultFormat: string;
  readonly readonly: boolean;
  /** Asked afterwards for the number of rows, where the engine does not tell. */
  readonly countSql?: string | undefined;
}

/** A whole result. For an INSERT the rows and bytes are those that were written. */
export interface EngineResult {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly size: number;
  readonly seconds: number;
}

/** ClickHouse inside this process. */
export interface ChEngine {
  /** `26.7.2.1` */
  readonly version: string;
  readonly timezone: string;
  /**
   * Runs one statement in a session of its own, so that nothing that it sets reaches another one.
   *
   * @throws {ClickHouseException} when the engine refuses it
   */
  run(statement: EngineStatement): Promise<EngineResult>;
  /** Waits until nothing runs. */
  idle(): Promise<void>;
  /** Waits until nothing runs, and lets go of the folder. */
  close(): Promise<void>;
}

/**
 * Opens the engine on a folder. A process has one such folder at a time; several engines may share it.
 *
 * @throws when the folder is another process's, or this process has another one open
 */
export async function openEngine(folder: string): Promise<ChEngine> {
  // The engine shuts down with its last session: this one keeps it.
  const anchor = new Session(folder);
  // A statement occupies a thread of Node's pool; one thread stays for files and compression.
  const gate = createGate(Math.max(1, Number(process.env.UV_THREADPOOL_SIZE ?? 4) - 1));
  const running = new Set<Promise<unknown>>();
  const about = await anchor.queryAsync('SELECT version(), timezone()', { format: 'TabSeparated' });
  const [version = '', timezone = ''] = about.text().trim().split('\t');

  async function run(statement: EngineStatement): Promise<EngineResult> {
    const session = new Session(folder);
    try {
      const preparation = preparationOf(statement);
      if (preparation !== '') await session.queryAsync(preparation);
      const result = await session.queryAsync(statement.sql, { format: statement.defaultFormat });
      return {
        bytes: result.bytes(),
        rows: statement.countSql === undefined ? result.rowsRead : await count(session, statement.countSql),
        size: result.bytesRead,
        seconds: result.elapsed,
      };
    } catch (error) {
      throw readException(error);
    } finally {
      session.close();
    }
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.allSettled(running);
  }

  return {
    version,
    timezone,
    run(statement) {
      const work = gate(() => run(statement));
      running.add(work);
      const done = () => running.delete(work);
      work.then(done, done);
      return work;
    },
    idle,
    async close() {
      await idle();
      anchor.close();
      await drainPending();
    },
  };
}

async function count(session: Session, sql: string): Promise<number> {
  return Number((await session.queryAsync(sql, { format: 'TabSeparated' })).text());
}

/**
 * The session as the statement needs it. Parameters are set, not spliced: the engine parses each by the type of its
 * place, from the very text that a server would get, and the statement stays as it is.
 */
function preparationOf(statement: EngineStatement): string {
  const settings = assignments(statement.settings, /^[A-Za-z_][\w.]*$/);
  const params = assignments(prefixed(statement.params), /^param_\w+$/);
  const steps = [
    statement.database === undefined ? '' : `USE ${sqlName(statement.database)}`,
    [...settings, ...params].length > 0 ? `SET ${[...settings, ...params].join(', ')}` : '',
    statement.readonly ? 'SET readonly = 2' : '',
  ];
  return steps.filter((step) => step !== '').join('; ');
}

function assignments(values: Readonly<Record<string, string>>, names: RegExp): string[] {
  return Object.entries(values).map(([name, value]) => {
    if (!names.test(name)) {
      throw new ClickHouseException({
        code: 115,
        type: 'UNKNOWN_SETTING',
        text: `Unknown setting '${name}'.`,
      });
    }
    return `${name} = ${sqlString(value)}`;
  });
}

function prefixed(params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [`param_${name}`, value]));
}
