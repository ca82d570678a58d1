// One line that moves on a terminal; elsewhere a line now and then, so that nobody takes silence for a hang.

/** Reports `label` on stderr until `end` is called. */
export function startProgress(label, { stream = process.stderr, everyMs = 15_000 } = {}) {
  const started = Date.now();
  let fraction = 0;
  const line = () =>
    `${label}: ${Math.round(fraction * 100)} % (${Math.round((Date.now() - started) / 1000)} s)`;
  const show = stream.isTTY ? () => stream.write(`\r${line()}\x1b[K`) : () => stream.write(`${line()}\n`);
  const timer = setInterval(show, stream.isTTY ? 1000 : everyMs);
  show();
  return {
    update(done) {
      fraction = Math.max(fraction, done);
      if (stream.isTTY) show();
    },
    end() {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
    seconds: () => Math.round((Date.now() - started) / 1000),
  };
}
