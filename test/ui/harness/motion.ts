import type { Page } from 'playwright-core';
import { frameWith } from './accessibility';

/** Frames of the browser in which something that moves would look different. */
const frames = 12;

/**
 * What moves by itself in the panel that holds an element: animations and transitions of its styles, running or ready
 * to run, and charts that are drawn bit by bit. Each chart is drawn anew for it, by its own buttons.
 */
export async function movesIn(page: Page, selector: string): Promise<string[]> {
  const frame = await frameWith(page, selector);
  return frame.evaluate<string[]>(`(async () => {
    const found = new Set();
    const seconds = (text) => text.split(',').some((each) => parseFloat(each) > 0);
    for (const each of document.querySelectorAll('*')) {
      const style = getComputedStyle(each);
      if (seconds(style.transitionDuration)) found.add('a transition of ' + each.tagName);
      if (style.animationName !== 'none' && seconds(style.animationDuration)) found.add('an animation of ' + each.tagName);
      if (style.scrollBehavior === 'smooth') found.add('the scrolling of ' + each.tagName);
    }
    if (document.getAnimations().length > 0) found.add('an animation that runs');
    const canvas = document.querySelector('section canvas');
    const toggle = canvas && [...canvas.closest('section').querySelectorAll('button')]
      .find((button) => button.textContent === 'Show Table');
    if (toggle) {
      toggle.click();
      toggle.click();
      const pictures = new Set();
      for (let count = 0; count < ${frames}; count++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        pictures.add(canvas.toDataURL());
      }
      // An empty one and the whole chart, perhaps in two sizes.
      if (pictures.size > 3) found.add('a chart');
    }
    return [...found];
  })()`);
}
