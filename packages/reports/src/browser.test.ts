import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportContent } from './content.ts';
import { renderReport } from './render-report.ts';
import { findChromium } from './testing/find-chromium.ts';
import { HOSTILE } from './testing/hostile.ts';
import {
  clusterContent,
  oldContent,
  rankerContent,
  sampleContent,
  unjudgedContent,
  withTexts,
} from './testing/sample-content.ts';

const executablePath = findChromium();
if (executablePath === null) {
  console.warn(
    'skipped: reports in a browser, as no chromium, chromium-browser or google-chrome is on the PATH and RISK_SCORING_CHROMIUM names none',
  );
}

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let browser: Browser;

beforeAll(async () => {
  if (executablePath === null) return;
  // Chromium has no sandbox for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  browser = await chromium.launch({ executablePath, args });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a report at a width; whatever it asks for besides itself, and whatever it complains of, is written down. */
async function open(content: ReportContent, width = 1280) {
  const file = path.join(folder, `${Math.random()}.html`);
  writeFileSync(file, await renderReport(content));
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.route('**/*', (route) => {
    if (route.request().url() === url) return route.continue();
    requests.push(route.request().url());
    return route.abort();
  });
  await page.goto(url);
  return { page, requests, complaints };
}

const widthOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth') as Promise<number>;

const contents: [string, ReportContent][] = [
  ['a scorer', sampleContent()],
  ['a ranker', rankerContent()],
  ['a cluster scorer', clusterContent()],
  ['a model that nothing judged', unjudgedContent()],
  ['an old model', oldContent()],
  ['hostile texts', withTexts(sampleContent(), (text) => `${HOSTILE} ${text}`)],
  ['long names', withTexts(sampleContent(), (text) => `${'very_long_name_'.repeat(20)}${text}`)],
];

describe.skipIf(executablePath === null)('a report in Chromium', () => {
  it.each(contents)(
    'opens without asking for anything or complaining, and fits a phone: %s',
    async (_, content) => {
      const { page, requests, complaints } = await open(content, 390);
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await widthOf(page)).toBe(390);
      for (const figure of await page.locator('figure svg').all()) {
        const box = await figure.boundingBox();
        expect(box?.width).toBeGreaterThan(300);
        expect(box?.height).toBeGreaterThan(100);
      }
      await page.close();
    },
  );

  it('draws each chart within its frame, at every width', async () => {
    for (const width of [390, 700, 1280]) {
      const { page } = await open(sampleContent(), width);
      const outside = await page.evaluate(`[...document.querySelectorAll('figure svg')].flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')]
          .filter((text) => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
          })
          .map((text) => text.textContent);
      })`);
      expect(outside).toEqual([]);
      await page.close();
    }
  });

  it('makes no element of injected markup, and runs none of it', async () => {
    const { page } = await open(withTexts(sampleContent(), (text) => `${HOSTILE} ${text}`));
    expect(
      await page.evaluate('document.querySelectorAll(\'script, img, iframe, a:not([href^="#"])\').length'),
    ).toBe(0);
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on'))).length",
      ),
    ).toBe(0);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    await page.close();
  });

  it('names every figure and every table', async () => {
    const { page } = await open(sampleContent());
    const figures = await page.getByRole('img').all();
    expect(figures.length).toBe(8);
    for (const figure of figures) expect(await figure.locator('title, desc').count()).toBe(2);
    expect(await page.locator('table').count()).toBe(await page.locator('table > caption').count());
    expect(await page.locator('th:not([scope])').count()).toBe(0);
    await page.close();
  });

  it('prints', async () => {
    const { page } = await open(sampleContent());
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(2);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)');
    // What is folded away on the screen is on the paper, under its title.
    const folded = page.locator('details');
    expect(await folded.count()).toBeGreaterThan(2);
    for (const part of await folded.all()) {
      for (const inside of [part.locator('summary'), part.locator('table').first()])
        expect((await inside.boundingBox())?.height).toBeGreaterThan(10);
    }
    await page.close();
  });
});
