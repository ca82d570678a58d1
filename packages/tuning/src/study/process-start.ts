import { readFileSync } from 'node:fs';

/**
 * When a process started, on systems that say so (Linux): a process id is given again to another process, after a restart
 * of a container often to the same program.
 *
 * @returns 'ended' for a process that ended and whose parent has not noticed yet; undefined where the system does not say
 */
export function processStart(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name in brackets, which may hold anything: the state is field 3, the start in clock ticks since boot field 22 (proc(5)).
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[19] === undefined ? undefined : `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}
