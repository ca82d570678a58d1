import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { writeBody } from './answer-body.ts';
import { summaryHeader } from './answer-headers.ts';
import { authenticate, type Credentials } from './auth.ts';
import type { ChEngine, EngineResult } from './engine.ts';
import { ClickHouseException, readException } from './exception.ts';
import { type FaultPlan, type Faults, planFaults } from './faults.ts';
import { faultyEnding, midStreamException } from './mid-stream.ts';
import type { Random } from './random.ts';
import { readStatementRequest, type StatementRequest } from './read-request.ts';
import type { Reply } from './reply.ts';
import { requestBody } from './request-body.ts';
import { runStatement } from './run-statement.ts';
import { readUrlParameters, type UrlParameters } from './url-parameters.ts';

/** What all requests of a front share. */
export interface HandlerContext {
  readonly engine: ChEngine;
  readonly spoolFolder: string;
  readonly allowed: Credentials;
  readonly faults: Faults;
  readonly random: Random;
  /** Aborted when the front closes: what waits on purpose waits no longer. */
  readonly closing: AbortSignal;
}

/** Answers one request, or fails to as the faults say. Never throws. */
export async function handleRequest(context: HandlerContext, reply: Reply): Promise<void> {
  try {
    await (reply.entry.path === '/' ? handleStatement(context, reply) : handlePath(context, reply));
  } catch (error) {
    const { entry, request, response } = reply;
    if (!response.headersSent && !response.destroyed && (request.complete || !request.destroyed)) {
      reply.refuse(readException(error));
      return;
    }
    if (entry.outcome === 'running' || entry.outcome === 'answered') entry.outcome = 'client gone';
    response.destroy();
  }
}

async function handlePath(context: HandlerContext, reply: Reply): Promise<void> {
  const headers = { 'Content-Type': 'text/html; charset=UTF-8' };
  if (reply.entry.path !== '/ping') {
    const text = `There is no handle ${reply.entry.path}\n`;
    return reply.send('refused', 404, { headers, text });
  }
  const plan = planFaults(context.faults, '', context.random);
  if (isAnsweredInstead(plan, reply)) return;
  await wait(plan, context);
  if (plan.isAnswerLost) return reply.drop('dropped after');
  reply.send('answered', 200, { headers, text: 'Ok.\n' });
}

async function handleStatement(context: HandlerContext, reply: Reply): Promise<void> {
  const { entry, request } = reply;
  const search = new URL(request.url ?? '/', 'http://front').searchParams;
  const url = readUrlParameters(search, request.headers);
  const { database, params, settings } = url;
  Object.assign(entry, { queryId: url.queryId ?? randomUUID(), database, params, settings });
  authenticate(context.allowed, request.headers, search);
  const count = (bytes: number) => {
    entry.bytes += bytes;
  };
  const body = reply.readThrough(requestBody(request, count));
  const statement = await readStatementRequest({ url, headers: request.headers, body }, entry);
  const plan = planFaults(context.faults, entry.query, context.random);
  if (isAnsweredInstead(plan, reply)) return;
  let result: EngineResult;
  try {
    const isReadonly = request.method === 'GET';
    result = await runStatement(statement, url, { ...context, readonly: isReadonly });
    entry.ran = true;
  } catch (error) {
    if (plan.isAnswerLost) return reply.drop('dropped after');
    throw error;
  }
  await wait(plan, context);
  if (plan.isAnswerLost) return reply.drop('dropped after');
  if (plan.body?.kind === 'fail' && url.waitsForEnd) throw midStreamException;
  await answer({ statement, result, plan, url }, context, reply);
}

async function answer(
  done: { statement: StatementRequest; result: EngineResult; plan: FaultPlan; url: UrlParameters },
  context: HandlerContext,
  reply: Reply,
): Promise<void> {
  const { statement, result, plan, url } = done;
  const format = statement.shape.outputFormat ?? url.defaultFormat;
  const gzip = url.wantsGzip;
  reply.response.writeHead(200, {
    ...reply.headers(format),
    'X-ClickHouse-Summary': summaryHeader(result, statement.rows !== undefined),
    ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
  });
  reply.entry.outcome = plan.body === undefined ? 'answered' : outcomeOf[plan.body.kind];
  const ending = faultyEnding(plan.body, {
    style: context.faults.midStreamStyle,
    tag: reply.exceptionTag,
    version: context.engine.version,
    format,
    url,
  });
  await writeBody(reply.response, result.bytes, { ending, gzip, closing: context.closing });
}

const outcomeOf = { stall: 'stalled', truncate: 'truncated', fail: 'failed in mid-stream' } as const;

function isAnsweredInstead(plan: FaultPlan, reply: Reply): boolean {
  switch (plan.instead) {
    case undefined:
      return false;
    case 'dropBefore':
      reply.drop('dropped before');
      return true;
    case 'unavailable':
      reply.send('unavailable', 503, {
        headers: { 'Content-Type': 'text/html' },
        text: '<h1>503 Service Unavailable</h1>\n',
      });
      return true;
    case 'tooManyQueries':
      reply.refuse(tooManyQueries, 'too many queries');
      return true;
  }
}

const tooManyQueries = new ClickHouseException({
  code: 202,
  type: 'TOO_MANY_SIMULTANEOUS_QUERIES',
  text: 'Too many simultaneous queries. Maximum: 100',
});

async function wait(plan: FaultPlan, { closing }: HandlerContext): Promise<void> {
  if (plan.delayMs <= 0) return;
  await delay(plan.delayMs, undefined, { signal: closing }).catch(() => undefined);
}
