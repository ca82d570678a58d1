import { type ChildProcess, fork } from 'node:child_process';
import type { ProbeName, ProbeOutcome, ProbeRequest, Probes } from './probes.ts';

/** How a probe is run. */
export interface ProbeOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tries something in a process of its own. A crash, a hang and an answer that makes no sense are failures like any other: the
 * promise never rejects.
 */
export async function runProbe<Name extends ProbeName>(
  name: Name,
  input: Probes[Name]['input'],
  { env, timeLimitMs, signal }: ProbeOptions,
): Promise<ProbeOutcome<Name>> {
  const failed = (summary: string): ProbeOutcome<Name> => ({ ok: false, failure: { summary } });
  if (signal?.aborted) return failed('stopped');
  let child: ChildProcess;
  try {
    // Flags of this process may not suit the script. What native code prints must not come between results.
    child = fork(new URL('./probe-process.js', import.meta.url), {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  } catch (error) {
    return failed(`no process can be started: ${(error as Error).message}`);
  }
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const outcome = await new Promise<ProbeOutcome<Name>>((resolve) => {
    let complaint = '';
    let answer: ProbeOutcome<Name> | undefined;
    timer = setTimeout(
      () => resolve(answer ?? failed(`no answer within ${timeLimitMs / 1000} s`)),
      timeLimitMs,
    );
    stop = () => resolve(failed('stopped'));
    signal?.addEventListener('abort', stop);
    child.stderr?.on('data', (chunk) => {
      complaint = `${complaint}${chunk}`.slice(-4000);
    });
    child.on('error', (error) => resolve(failed(error.message)));
    child.on('message', (message) => {
      answer = message as ProbeOutcome<Name>;
    });
    // It ends by itself after its answer, so that an engine lets go of its folder; `close` comes after all it wrote.
    child.on('close', (code, killedBy) => {
      resolve(answer ?? failed(deathOf(code, killedBy, complaint)));
    });
    child.send({ name, input } satisfies ProbeRequest, () => undefined);
  });
  clearTimeout(timer);
  if (stop) signal?.removeEventListener('abort', stop);
  abandon(child);
  return outcome;
}

function deathOf(code: number | null, signal: NodeJS.Signals | null, complaint: string): string {
  const how = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
  const lines = complaint.split('\n').map((line) => line.trim());
  // The error itself, which Node surrounds with source text and a stack; else what the loader or a library said.
  const said =
    lines.find((line) => /^\w*Error: /.test(line)) ?? lines.find((line) => /error|fatal/i.test(line));
  return said === undefined ? how : `${how}: ${said}`;
}

/** A process that hangs in the system may outlive its own killing; nobody waits for it. */
function abandon(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  if (child.connected) child.disconnect();
  child.stderr?.destroy();
  child.unref();
}
