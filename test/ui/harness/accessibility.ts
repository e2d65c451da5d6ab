import { readFileSync } from 'node:fs';
import type { Frame, Page } from 'playwright-core';
import { eventually } from './wait';

/** One thing that is wrong, with the elements that have it. */
export interface Violation {
  readonly rule: string;
  readonly help: string;
  readonly elements: readonly string[];
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The page of the panel that holds an element. */
export async function frameWith(page: Page, selector: string): Promise<Frame> {
  const frame = await eventually(
    async () => {
      for (const each of page.frames()) {
        const found = await each
          .evaluate(`document.querySelector(${JSON.stringify(selector)}) !== null`)
          .catch(() => false);
        if (found && each !== page.mainFrame()) return each;
      }
      return undefined;
    },
    (found): found is Frame => found !== undefined,
    `a panel with ${selector}`,
  );
  if (!frame) throw new Error('unreachable');
  return frame;
}

/**
 * What axe-core finds wrong in the panel that holds an element. Shades behind text are taken away first: axe cannot
 * judge a gradient, and would leave out what stands on one.
 */
export async function violationsIn(page: Page, selector: string): Promise<Violation[]> {
  const frame = await frameWith(page, selector);
  // Not a script of the page, which its content policy would refuse.
  await frame.evaluate(`${axe}; document.adoptedStyleSheets = [new CSSStyleSheet()];
    document.adoptedStyleSheets[0].replaceSync('* { background-image: none !important }');`);
  return frame.evaluate<Violation[]>(`axe.run(document).then(({ violations }) => violations.map(
    ({ id, help, nodes }) => ({ rule: id, help, elements: nodes.map(({ html }) => html.slice(0, 200)) })))`);
}
