import type { FrameLocator, Page } from 'playwright-core';

/** The page of the panel that is shown: the editor puts it into a frame within a frame. */
export function webviewOf(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}
